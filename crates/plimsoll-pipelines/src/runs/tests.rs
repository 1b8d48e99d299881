use super::*;

const PUSH: Event<'static> = event("push", false);
const PULL: Event<'static> = event("pull_request", true);

const fn event(name: &str, sees_ready: bool) -> Event<'_> {
    Event { name, sees_ready, draft: None, own: None, inputs: None, asks: Asks::Surely }
}

fn one(event: Event<'_>, condition: &str) -> Option<bool> {
    event.jobs(&[Asked { id: "a", needs: vec![], condition: Some(condition) }]).pop().unwrap()
}

#[test]
fn only_what_plainly_holds_is_sure() {
    for (condition, push, pull) in [
        ("true", Some(true), Some(true)),
        ("always()", Some(true), Some(true)),
        ("success()", Some(true), Some(true)),
        ("${{ !cancelled() }}", Some(true), Some(true)),
        ("github.event_name == 'push'", Some(true), Some(false)),
        ("github.event_name == 'push' || github.event_name == 'pull_request'", Some(true), Some(true)),
        (
            "github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name != github.repository",
            Some(true),
            None,
        ),
        ("github.event_name != 'schedule' && github.event_name != 'workflow_dispatch'", Some(true), Some(true)),
        ("!startsWith(github.ref, 'refs/tags/')", Some(true), Some(true)),
        ("github.event.pull_request.draft == false", Some(true), Some(true)),
        ("inputs.version == ''", Some(true), Some(true)),
        ("!contains(github.event.head_commit.message, '[skip]')", None, Some(true)),
        ("github.event_name == 'workflow_dispatch'", Some(false), Some(false)),
        ("false", Some(false), Some(false)),
        ("${{ false && true }}", Some(false), Some(false)),
        ("failure()", Some(false), Some(false)),
        ("startsWith(github.ref, 'refs/tags/')", Some(false), Some(false)),
        ("github.event_name == 'push' && startsWith(github.ref, 'refs/heads/release-never')", None, Some(false)),
        ("github.repository == 'nobody/none'", None, None),
        ("github.actor == 'nobody'", None, None),
        ("contains(github.event.pull_request.labels.*.name, 'run-ci')", Some(false), None),
        ("steps.x.outputs.y == 'true'", None, None),
        ("vars.RUN == 'true'", None, None),
        ("${{ true }} x", None, None),
        ("not an expression", None, None),
    ] {
        let found = (one(PUSH, condition), one(PULL, condition));
        assert_eq!(found, (push, pull), "{condition}");
    }
}

#[test]
fn the_own_name_decides_where_it_is_known() {
    let own = Event { own: Some("acme/widget"), ..PUSH };
    for (condition, known, unknown) in [
        ("github.repository == 'acme/widget'", Some(true), None),
        ("github.repository == 'Acme/Widget'", Some(true), None),
        ("github.repository != 'acme/widget'", Some(false), None),
        ("github.repository == 'nobody/none'", Some(false), None),
        ("github.repository_owner == 'acme'", Some(true), None),
        ("github.event.repository.full_name == 'acme/widget'", Some(true), None),
        ("github.repository == github.event.repository.full_name", Some(true), Some(true)),
        ("startsWith(github.repository, 'acme/')", Some(true), None),
    ] {
        assert_eq!((one(own, condition), one(PUSH, condition)), (known, unknown), "{condition}");
    }
}

#[test]
fn a_stranger_is_kept_out_by_what_no_stranger_has() {
    let stranger = |name| Event { name, asks: Asks::Stranger, ..Event::default() };
    for (event, condition, expected) in [
        ("pull_request_target", "github.event.pull_request.head.repo.full_name == github.repository", Some(false)),
        ("pull_request_target", "github.event.pull_request.head.repo.full_name != github.repository", Some(true)),
        ("pull_request_target", "github.event.pull_request.head.repo.full_name == 'acme/widget'", Some(false)),
        ("pull_request_target", "!github.event.pull_request.head.repo.fork", Some(false)),
        ("pull_request_target", "github.event.pull_request.head.repo.fork == false", Some(false)),
        ("pull_request_target", "github.event.pull_request.user.login == 'dependabot[bot]'", Some(false)),
        ("pull_request_target", "github.actor == 'dependabot[bot]'", None),
        ("pull_request_target", "github.event_name == 'pull_request'", Some(false)),
        ("pull_request_target", "github.event_name != 'push'", Some(true)),
        ("pull_request_target", "github.event_name == 'push' || vars.X", None),
        ("pull_request_target", "contains(github.event.pull_request.labels.*.name, 'ok')", None),
        ("pull_request_target", "failure()", None),
        ("pull_request_target", "cancelled()", None),
        ("pull_request_target", "success()", None),
        ("pull_request_target", "github.event.pull_request.merged == true", None),
        ("workflow_run", "github.event.workflow_run.event == 'push'", Some(false)),
        ("workflow_run", "github.event.workflow_run.event == 'pull_request'", None),
        ("workflow_run", "github.event.workflow_run.event != 'push'", Some(true)),
        ("workflow_run", "github.event.workflow_run.head_repository.full_name == github.repository", Some(false)),
        ("workflow_run", "github.event.workflow_run.conclusion == 'success'", None),
        ("workflow_run", "github.event.workflow_run.head_branch == 'main'", None),
        ("issue_comment", "github.event.issue.pull_request", None),
        ("push", "startsWith(github.ref, 'refs/tags/')", None),
        ("push", "false", Some(false)),
    ] {
        assert_eq!(one(stranger(event), condition), expected, "{event} {condition}");
    }
    let jobs = [
        Asked { id: "a", needs: vec![], condition: Some("github.event_name == 'push'") },
        Asked { id: "b", needs: vec!["a"], condition: None },
        Asked { id: "c", needs: vec!["a"], condition: Some("always()") },
    ];
    assert_eq!(stranger("pull_request").jobs(&jobs), [Some(false), Some(false), Some(true)]);
    let possibly = Event { name: "pull_request", asks: Asks::Possibly, ..Event::default() };
    assert_eq!(possibly.jobs(&jobs), [Some(false), Some(false), Some(true)]);
    let same = "github.event.pull_request.head.repo.full_name == github.repository";
    assert_eq!((one(possibly, same), one(possibly, "failure()")), (None, None));
}

#[test]
fn what_a_caller_gives_is_known() {
    let inputs: BTreeMap<String, Known> =
        [("a".to_owned(), Known::Bool(true)), ("b".to_owned(), Known::Unknown)].into_iter().collect();
    let called = Event { inputs: Some(&inputs), ..PUSH };
    for (condition, expected) in
        [("inputs.a", Some(true)), ("!inputs.A", Some(false)), ("inputs.b == 'x'", None), ("inputs.c", Some(false))]
    {
        assert_eq!(one(called, condition), expected, "{condition}");
    }
}

#[test]
fn what_a_job_needs_decides_with_it() {
    let check = |jobs: &[(&str, &[&str], Option<&str>)], expected: &[Option<bool>]| {
        let asked: Vec<_> = jobs
            .iter()
            .map(|(id, needs, condition)| Asked { id, needs: needs.to_vec(), condition: *condition })
            .collect();
        assert_eq!(PUSH.jobs(&asked), expected, "{jobs:?}");
    };
    check(&[("a", &[], None), ("b", &["a"], None)], &[Some(true), Some(true)]);
    check(&[("a", &[], Some("false")), ("b", &["a"], None), ("c", &["b"], None)], &[Some(false); 3]);
    check(&[("b", &["a"], None), ("a", &[], Some("vars.X"))], &[None, None]);
    check(&[("a", &[], Some("false")), ("b", &["a"], Some("always()"))], &[Some(false), Some(true)]);
    check(&[("a", &[], Some("false")), ("b", &["a"], Some("success()"))], &[Some(false), Some(false)]);
    check(&[("a", &[], Some("false")), ("b", &["a"], Some("true"))], &[Some(false), Some(false)]);
    check(&[("a", &[], None), ("b", &["a"], Some("needs.a.result == 'success'"))], &[Some(true), Some(true)]);
    check(&[("a", &[], None), ("b", &["a"], Some("needs.a.outputs.x == 'true'"))], &[Some(true), None]);
    check(&[("a", &["b"], None), ("b", &["a"], None)], &[Some(false), Some(false)]);
    check(&[("a", &["a"], None), ("b", &["none"], None)], &[Some(false), Some(false)]);
    let ids: Vec<String> = (0..20_000).map(|number| format!("j{number}")).collect();
    let row: Vec<_> = ids
        .iter()
        .enumerate()
        .map(|(at, id)| Asked {
            id,
            needs: at.checked_sub(1).map(|before| ids[before].as_str()).into_iter().collect(),
            condition: None,
        })
        .collect();
    assert!(PUSH.jobs(&row).iter().all(|runs| *runs == Some(true)));
}

#[test]
fn a_leg_of_the_matrix_knows_its_values() {
    let table: Mapping = yaml_serde::from_str("{rust: stable, on: {os: ubuntu-latest}, x: '${{ y }}'}").unwrap();
    let check = |text: &str, matrix: Option<&Mapping>, runs_on: Option<&str>| {
        PUSH.holds(&condition(text).unwrap(), &Leg { matrix, runs_on })
    };
    assert_eq!(check("matrix.rust == 'stable'", Some(&table), None), Some(true));
    assert_eq!(check("matrix.rust == 'nightly'", Some(&table), None), Some(false));
    assert_eq!(check("matrix.none", Some(&table), None), Some(false));
    assert_eq!(check("matrix.x == 'y'", Some(&table), None), None);
    assert_eq!(check("matrix.rust == 'stable'", None, None), None);
    assert_eq!(check("runner.os == 'Linux'", Some(&table), Some("${{ matrix.on.os }}")), Some(true));
    assert_eq!(check("runner.os == 'Linux'", Some(&table), Some("windows-2022")), Some(false));
    assert_eq!(check("runner.os == 'Linux'", Some(&table), Some("big")), None);
}

#[test]
fn never_is_told_from_sometimes() {
    for never in ["false", "${{ false }}", "0", "''", "false && github.actor == 'x'", "always() && false"] {
        assert!(is_never(never), "{never}");
    }
    for sometimes in ["failure()", "github.event_name == 'x'", "true", "'false'", "x y"] {
        assert!(!is_never(sometimes), "{sometimes}");
    }
}
