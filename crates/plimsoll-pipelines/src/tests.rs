//! Workflows, safe and dangerous, and the same files seen by zizmor.

use super::*;

mod agreement;

fn jobs(text: &str) -> Vec<String> {
    let pipeline = workflow(text, &[]).unwrap();
    pipeline
        .jobs
        .iter()
        .map(|job| {
            let purposes: Vec<_> = purposes::of(job)
                .iter()
                .map(|(name, weight)| format!("{name}{}", if weight.gates { "" } else { "?" }))
                .collect();
            format!(
                "{} {} change={} tolerant={} {}",
                job.id,
                purposes.join(","),
                job.on_change,
                job.tolerant,
                job.runner
            )
        })
        .collect()
}

fn rules(text: &str) -> Vec<&'static str> {
    // Habits have tests of their own.
    let found = dangers::of_one(&workflow(text, &[]).unwrap());
    found.iter().filter(|danger| danger.severity != "low").map(|danger| danger.rule).collect()
}

#[test]
fn jobs_say_what_they_do() {
    let text = "on: [push, pull_request]\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo test\n      - run: cargo clippy\n        continue-on-error: true\n  b:\n    runs-on: [self-hosted]\n    continue-on-error: true\n    steps:\n      - run: cargo audit\n  c:\n    if: github.event_name == 'schedule'\n    runs-on: ${{ matrix.os }}\n    steps:\n      - uses: google/clusterfuzzlite/actions/run_fuzzers@v1\n";
    assert_eq!(
        jobs(text),
        [
            "a lint?,test change=true tolerant=false hosted",
            "b audit? change=true tolerant=true self-hosted",
            "c  change=false tolerant=false unknown"
        ]
    );
}

#[test]
fn a_trigger_that_leaves_changes_out_does_not_count() {
    let with = |on: &str| {
        workflow(&format!("on:\n{on}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n"), &[])
            .unwrap()
            .on_change
    };
    for (on, expected) in [
        ("  push:", true),
        ("  pull_request:", true),
        ("  push:\n    branches: [main]", false),
        ("  push:\n    tags: ['v*']", false),
        ("  push:\n    paths: ['docs/**']", false),
        ("  push:\n    paths: ['src/**']", true),
        ("  schedule:\n    - cron: '0 0 * * *'", false),
        ("  pull_request_target:", false),
        ("  workflow_dispatch:", false),
    ] {
        assert_eq!(with(on), expected, "{on}");
    }
}

#[test]
fn pins_are_told_apart() {
    for (reference, expected) in [
        ("de0fac2e4500dabe0009e67214ff5f5447ce83dd", Pinned::Digest),
        ("v4", Pinned::Tag),
        ("4.1.0", Pinned::Tag),
        ("main", Pinned::Branch),
        ("de0fac2", Pinned::Branch),
        ("${{ env.x }}", Pinned::Unknown),
    ] {
        assert_eq!(Pinned::of_reference(reference), expected, "{reference}");
    }
    assert!(Pinned::of_image("alpine@sha256:00").by_digest() && !Pinned::of_image("alpine:3").by_digest());
}

#[test]
fn dangers_are_found_and_safe_uses_are_not() {
    let step = |on: &str, step: &str| {
        rules(&format!("on: {on}\npermissions: {{}}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n{step}\n"))
    };
    assert_eq!(step("push", "      - run: echo ${{ github.event.head_commit.message }}"), ["template-injection"]);
    assert_eq!(
        step(
            "issues",
            "      - uses: actions/github-script@v7\n        with:\n          script: x(${{ github.event.issue.title }})"
        ),
        ["template-injection"]
    );
    assert_eq!(
        step(
            "pull_request_target",
            "      - uses: actions/checkout@v4\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}"
        ),
        ["dangerous-trigger", "privileged-checkout"]
    );
    assert_eq!(step("issue_comment", "      - run: gh pr checkout 5"), ["privileged-checkout"]);
    for safe in [
        "      - run: echo ${{ github.sha }}",
        "      - env:\n          TITLE: ${{ github.event.issue.title }}\n        run: echo \"$TITLE\"",
        "      - run: echo ${{ github.head_ref == 'x' }}",
        "      - uses: actions/checkout@v4\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}",
    ] {
        assert_eq!(step("pull_request", safe), <[&str; 0]>::default(), "{safe}");
    }
}

#[test]
fn a_text_of_strangers_is_seen_however_it_is_written() {
    let run = |script: &str| {
        rules(&format!(
            "on: push\npermissions: {{}}\nenv:\n  TITLE: ${{{{ github.event.issue.title }}}}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          echo {script}\n"
        ))
    };
    for script in [
        "${{ github.event_name == 'pull_request' && github.head_ref || github.ref_name }}",
        "${{ contains(github.ref, 'x') && github.head_ref }}",
        "${{ github.event.issue['title'] }}",
        "${{ GitHub.Event.Issue.Title }}",
        "${{ toJSON(github.event.issue) }}",
        "${{ toJSON(github) }}",
        "${{ github.event }}",
        "${{ format('{0}', github.event.comment.body) }}",
        "${{ join(github.event.commits.*.message, ' ') }}",
        "${{ env.TITLE }}",
        "${{ toJSON(env) }}",
        "${{ github.event.issue.title ?? 'x' }}",
    ] {
        assert_eq!(run(script), ["template-injection"], "{script}");
    }
    for script in [
        "${{ github.head_ref == 'x' }}",
        "${{ github.head_ref && 'yes' || 'no' }}",
        "${{ contains(github.event.issue.title, 'x') }}",
        "${{ github.event.issue.number }}",
        "${{ github.event.pull_request.head.sha }}",
        "${{ github.event_name == 'push' && github.ref_name || github.sha }}",
        "${{ env.OTHER }} $TITLE",
        "${{ matrix.a ?? 'x' }}",
    ] {
        assert_eq!(run(script), <[&str; 0]>::default(), "{script}");
    }
}

#[test]
fn a_foreign_checkout_is_seen_through_the_environment() {
    let check = |environment: &str, step: &str| {
        let text = format!(
            "on: pull_request_target\npermissions: {{}}\n{environment}jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n{step}\n"
        );
        rules(&text).contains(&"privileged-checkout")
    };
    let env = "env:\n  SHA: ${{ github.event.pull_request.head.sha }}\n";
    let checkout = |inputs: &str| format!("      - uses: actions/checkout@v4\n        with:\n          {inputs}");
    assert!(check(env, &checkout("ref: ${{ env.SHA }}")));
    assert!(check(env, &checkout("Ref: ${{ env['sha'] }}")));
    assert!(check("", &checkout("ref: ${{ github.event.pull_request['head'].sha }}")));
    assert!(check("", &checkout("ref: ${{ github.event.pull_request.merge_commit_sha }}")));
    assert!(check("", &checkout("repository: ${{ github.event.pull_request.head.repo.full_name }}")));
    assert!(check(env, "      - run: git fetch origin && git checkout \"$SHA\""));
    assert!(check("", "      - run: git fetch origin pull/${{ github.event.number }}/head"));
    assert!(check("", "      - run: git checkout $GITHUB_HEAD_REF"));
    for safe in [
        checkout("ref: ${{ github.event.pull_request.base.sha }}"),
        checkout("ref: main"),
        checkout("persist-credentials: false"),
        "      - run: git checkout -b update".to_owned(),
        "      - run: echo $SHA".to_owned(),
    ] {
        assert!(!check(env, &safe), "{safe}");
    }
    assert!(!check(env, &(checkout("ref: ${{ env.SHA }}") + "\n        env:\n          SHA: main")));
}

#[test]
fn what_is_no_workflow_is_refused() {
    let deep = format!("on: push\njobs: {}1{}", "[".repeat(5000), "]".repeat(5000));
    let bomb = "a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\non: push\n";
    for text in [
        "",
        "on: push",
        "jobs: {}",
        "on: push\njobs: 3",
        "\t",
        "on: push\non: push\njobs: {}",
        &deep,
        bomb,
        "[",
        "a: b: c",
    ] {
        assert!(workflow(text, &[]).is_err(), "{}", text.chars().take(40).collect::<String>());
    }
}

#[test]
fn gitlab_jobs_are_resolved() {
    let text = "include:\n  - local: /ci/extra.yml\n  - remote: https://example.org/x.yml\nimage: rust:1\n.base:\n  script: [cargo test]\ntest:\n  extends: .base\nlint:\n  script: cargo clippy\n  allow_failure: true\nnightly:\n  script: cargo audit\n  rules:\n    - if: $CI_PIPELINE_SOURCE == 'schedule'\n";
    let pipeline = gitlab::pipeline(text, &|path| {
        assert_eq!(path, "ci/extra.yml");
        Ok("more:\n  script: [cargo fmt --check]\n".to_owned())
    })
    .unwrap();
    let found: Vec<_> = pipeline
        .jobs
        .iter()
        .map(|job| {
            let weights: Vec<_> = purposes::of(job)
                .iter()
                .map(|(name, weight)| format!("{name} {} {}", weight.gates, weight.scheduled))
                .collect();
            format!("{} {weights:?} {} {}", job.id, job.on_change, job.tolerant)
        })
        .collect();
    assert_eq!(
        found,
        [
            "test [\"test true false\"] true false",
            "lint [\"lint false false\"] true true",
            "nightly [\"audit false true\"] false false",
            "more [\"format true false\"] true false",
        ]
    );
    assert_eq!(pipeline.gaps.len(), 1);
    assert!(pipeline.jobs.iter().all(|job| !job.uses.is_empty()));
}

#[test]
fn gitlab_rules_that_keep_changes_out_do_not_count() {
    let check = |job: &str, top: &str| {
        let text = format!("{top}a:\n  script: [cargo test]\n{job}");
        let pipeline = gitlab::pipeline(&text, &|_| Err("none".to_owned())).unwrap();
        purposes::of(&pipeline.jobs[0]).get("test").is_some_and(|weight| weight.gates)
    };
    for job in [
        "",
        "  rules:\n    - if: $CI_PIPELINE_SOURCE == 'merge_request_event'\n",
        "  rules:\n    - if: $CI_PIPELINE_SOURCE == \"schedule\"\n      when: never\n    - when: on_success\n",
        "  only: [branches]\n",
        "  only:\n    refs: [merge_requests]\n",
        "  except: [tags]\n",
        "  after_script: [exit 0]\n",
    ] {
        assert!(check(job, ""), "{job}");
    }
    for job in [
        "  when: manual\n",
        "  when: never\n",
        "  allow_failure: true\n",
        "  allow_failure:\n    exit_codes: [1]\n",
        "  rules:\n    - if: $CI_PIPELINE_SOURCE == 'merge_request_event'\n      when: never\n",
        "  rules:\n    - if: $CI_PIPELINE_SOURCE == 'merge_request_event'\n      when: manual\n",
        "  rules:\n    - if: $CI_PIPELINE_SOURCE == 'merge_request_event'\n      allow_failure: true\n",
        "  rules:\n    - if: $CI_PIPELINE_SOURCE == 'merge_request_event'\n      changes: [docs/**]\n",
        "  rules:\n    - if: $CI_COMMIT_BRANCH == 'never-exists'\n",
        "  rules:\n    - if: $X\n      when: never\n    - when: always\n",
        "  rules: []\n",
        "  only: [never-exists]\n",
        "  only:\n    changes: [docs/**]\n",
        "  except: [branches]\n",
        "  except:\n    changes: ['**/*']\n",
        "  before_script: [exit 0]\n  after_script: [cargo test]\n",
    ] {
        assert!(!check(job, ""), "{job}");
    }
    assert!(!check("", "workflow:\n  rules:\n    - when: never\n"));
    assert!(!check("", "default:\n  before_script: [exit 0]\n"));
    assert!(!check("  <<: *d\n", ".d: &d\n  allow_failure: true\n"));
    let tags_and = |more: &str| format!("workflow:\n  rules:\n    - if: $CI_COMMIT_TAG\n    - if: {more}\n");
    assert!(check("", &tags_and("$CI_PIPELINE_SOURCE == 'merge_request_event'")));
    // By then it is taken.
    assert!(!check("", &tags_and("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH")));
    assert!(!check("  only: [main]\n", "") && check("  only: [main, merge_requests]\n", ""));
}

#[test]
fn gitlab_parts_from_elsewhere_are_followed_or_not_known() {
    // A job's text, an included file's, whether the job `a` gates, and how many gaps there are.
    let check = |job: &str, included: &str, gates: bool, gaps: usize| {
        let text = format!("include: [{{local: x.yml}}]\n{job}");
        let pipeline = gitlab::pipeline(&text, &|_| Ok(included.to_owned())).unwrap();
        let tests = pipeline.jobs.iter().filter_map(|job| purposes::of(job).get("test").copied());
        let found = (tests.into_iter().any(|weight| weight.gates), pipeline.gaps.len());
        assert_eq!(found, (gates, gaps), "{job} {included} {:?}", pipeline.gaps);
    };
    let test = "a: {script: [cargo test]}\n";
    check(test, "b: {script: [x]}\n", true, 0);
    check("a:\n  script: [!reference [.t, script]]\n", ".t: {script: [cargo test]}\n", true, 0);
    check("a:\n  script: !reference [.t, script]\n", ".t: {script: [cargo test]}\n", true, 0);
    check("a:\n  script: [!reference [.t, script], cargo test, 'true']\n", ".t: {script: [set +e]}\n", false, 0);
    check("a:\n  script: [!reference [.t, script], cargo test]\n", ".t: {}\n", false, 1);
    check("a:\n  script: [!reference [.u, script], cargo test]\n", ".t: {}\n", false, 1);
    check(
        "a:\n  script: [cargo test]\n  rules: [!reference [.t, rules]]\n",
        ".t: {rules: [{when: never}]}\n",
        false,
        0,
    );
    check("a:\n  script: [!reference [a, script]]\n", ".b: {}\n", false, 1);
    check("default:\n  before_script: [!reference [.t, script]]\na: {script: [cargo test]}\n", ".b: {}\n", false, 1);
    check("a: {extends: .gone, script: [cargo test]}\n", ".b: {}\n", false, 1);
    // An included job is a part of the one of the same name.
    check(test, "a: {allow_failure: true}\n", false, 0);
    check(test, "a: {rules: [{when: never}]}\n", false, 0);
    check(test, "a: {script: [x]}\n", true, 0);
    check("a: {allow_failure: false, script: [cargo test]}\n", "a: {allow_failure: true}\n", true, 0);
    // What waits for a job that a person starts does not surely run.
    check("a: {script: [cargo test], needs: [b]}\nb: {script: [x], when: manual}\n", ".c: {}\n", false, 0);
    check(
        "a: {script: [cargo test], needs: [{job: b}]}\nb: {script: [x], needs: [c]}\n",
        "c: {when: manual, script: [x]}\n",
        false,
        0,
    );
    check("a: {script: [cargo test], needs: [b]}\nb: {script: [x]}\n", ".c: {}\n", true, 0);
    check(
        "a: {script: [cargo test], needs: [{job: b, optional: true}]}\nb: {script: [x], when: manual}\n",
        ".c: {}\n",
        true,
        0,
    );
    check("t: {trigger: {include: child.yml}}\n", ".c: {}\n", false, 0);
    let rules = "include:\n  - {local: x.yml, rules: [{if: $X}]}\na: {script: [cargo test]}\n";
    let pipeline = gitlab::pipeline(rules, &|_| Ok("a: {allow_failure: true}\n".to_owned())).unwrap();
    assert_eq!((pipeline.gaps.len(), pipeline.jobs[0].tolerant), (1, false));
}

#[test]
fn gitlab_gates_are_plain_jobs_of_a_pipeline_that_runs() {
    let gates = |text: &str| {
        let pipeline = gitlab::pipeline(text, &|_| Err("none".to_owned()));
        pipeline.map(|pipeline| {
            let of = pipeline.jobs.iter().map(purposes::of);
            of.into_iter().any(|found| found.get("test").is_some_and(|weight| weight.gates))
        })
    };
    let job = "t:\n  stage: test\n  script: [cargo test]\n";
    for text in [
        job.to_owned(),
        format!("{job}  image: {{name: rust, entrypoint: [\"\"]}}\n"),
        format!("{job}  tags: [docker]\n"),
        format!("{job}  parallel: {{matrix: [{{VERSION: [a, b]}}]}}\n"),
        format!("m:\n  stage: build\n  when: manual\n  script: [x]\n{job}"),
        format!("m:\n  stage: deploy\n  when: manual\n  allow_failure: false\n  script: [x]\n{job}"),
        format!("m:\n  stage: build\n  when: manual\n  allow_failure: false\n  script: [x]\n{job}  needs: []\n"),
        format!("stages: [test]\n{job}"),
        format!("m:\n  stage: .pre\n  script: [x]\n{job}  needs: [m]\n"),
    ] {
        assert_eq!(gates(&text), Ok(true), "{text}");
    }
    for text in [
        format!("{job}  image: {{name: rust, entrypoint: [\"true\"]}}\n"),
        format!("image: {{name: rust, entrypoint: [/bin/true]}}\n{job}"),
        format!("{job}  tags: [windows]\n"),
        format!("{job}  tags: [saas-windows-medium-amd64]\n"),
        format!("{job}  tags: [$TAG]\n"),
        format!("{job}  parallel: {{matrix: [{{PATH: [a, b]}}]}}\n"),
        format!("{job}  rules: [{{variables: {{BASH_ENV: x}}}}]\n"),
        format!("workflow: {{rules: [{{variables: {{BASH_ENV: x}}}}]}}\n{job}"),
        format!("{job}  inherit: {{default: false}}\n"),
        format!("{job}  hooks: {{pre_get_sources_script: [x]}}\n"),
        format!("{job}  when: delayed\n"),
        format!("{job}  when: never\n"),
        format!("{job}  when: manual\n"),
        format!("{job}  allow_failure: {{exit_codes: [1]}}\n"),
        format!("m:\n  stage: build\n  when: manual\n  allow_failure: false\n  script: [x]\n{job}"),
        format!("m:\n  stage: build\n  rules: [{{when: manual}}]\n  script: [x]\n{job}"),
        format!("m:\n  stage: .pre\n  rules: [{{if: $X, when: manual}}]\n  script: [x]\n{job}"),
    ] {
        assert_eq!(gates(&text), Ok(false), "{text}");
    }
    for text in [
        "t:\n  stage: none\n  script: [cargo test]\n".to_owned(),
        format!("stages: [build]\n{job}"),
        format!("{job}  needs: [none]\n"),
        format!("{job}  needs: [t]\n"),
        format!("{job}  needs: [u]\nu:\n  needs: [t]\n  script: [x]\n"),
        format!("{job}  scripts: [x]\n"),
        format!("{job}u:\n  stage: test\n"),
        format!("{job}  when: sometimes\n"),
    ] {
        assert!(gates(&text).is_err(), "{text}");
    }
}

#[test]
fn gitlab_machines_are_known_where_no_tag_names_them() {
    for (job, expected) in [
        ("a: {script: [x]}", "hosted"),
        ("a: {script: [x], tags: []}", "hosted"),
        ("a: {script: [x], tags: [our-box]}", "unknown"),
        ("default: {tags: [our-box]}\na: {script: [x]}", "unknown"),
        ("a: {trigger: {include: child.yml}}", "called"),
    ] {
        let pipeline = gitlab::pipeline(job, &|_| Err("none".to_owned())).unwrap();
        assert_eq!(pipeline.jobs[0].runner, expected, "{job}");
    }
}

// Ten templates that each extend all ten were laid over each other 10^11 times.
#[test]
fn gitlab_jobs_that_extend_each_other_end() {
    let names: Vec<String> = (0..10).map(|number| format!(".t{number}")).collect();
    let extends = names.join(", ");
    let mut text: String =
        names.iter().map(|name| format!("{name}:\n  extends: [{extends}]\n")).collect::<Vec<_>>().concat();
    text.push_str("a:\n  extends: .t0\n  script: [cargo test]\n");
    let pipeline = gitlab::pipeline(&text, &|_| Err("none".to_owned())).unwrap();
    assert_eq!((pipeline.gaps.len(), purposes::of(&pipeline.jobs[0])["test"].gates), (1, false));
}

#[test]
fn many_steps_and_jobs_are_read() {
    let steps: String =
        (0..13_000).map(|number| format!("      - uses: aaaaaaaaaaa/b{number}@v1\n")).collect::<Vec<_>>().concat();
    let pipeline = workflow(&format!("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n{steps}"), &[]).unwrap();
    assert_eq!(pipeline.jobs[0].uses.last().unwrap().line, Some(13_005));
    let jobs: String = (0..20_000).map(|number| format!("k{number}: {{<<: *a}}\n")).collect::<Vec<_>>().concat();
    let pipeline = gitlab::pipeline(&format!("a: &a {{script: x}}\n{jobs}"), &|_| Err("none".to_owned())).unwrap();
    assert_eq!(pipeline.jobs.len() + pipeline.gaps.len(), 20_001);
}

/// zizmor is an oracle of its own opinion; on these questions the two should agree.
#[test]
fn zizmor_agrees_on_real_workflows() {
    let Some(folder) = plimsoll_testkit::unpack("workflows/workflows.tar.zst") else { return };
    let expected = plimsoll_testkit::corpus().unwrap().join("workflows/expected-zizmor.json");
    let expected: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(expected).unwrap()).unwrap();
    let mut paths = Vec::new();
    let mut stack = vec![folder.clone()];
    while let Some(folder) = stack.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                stack.push(path);
            } else if path.parent().is_some_and(|parent| parent.ends_with(".github/workflows")) {
                paths.push(path);
            }
        }
    }
    let theirs = |rule: &str| -> std::collections::BTreeSet<String> {
        let repositories = expected["repos"].as_array().unwrap();
        let findings = repositories.iter().flat_map(|one| {
            let folder = one["dir"].as_str().unwrap().to_owned();
            one["findings"].as_array().unwrap().iter().map(move |finding| (folder.clone(), finding))
        });
        findings
            .filter(|(_, finding)| finding["ident"] == rule)
            .map(|(folder, finding)| format!("{folder}/{}", finding["file"].as_str().unwrap()))
            .filter(|path| path.contains("/github/workflows/"))
            .collect()
    };
    let (mut parsed, mut unpinned, mut injected, mut triggered) = (0, vec![], vec![], vec![]);
    for path in &paths {
        let text = std::fs::read_to_string(path).unwrap();
        let Ok(pipeline) = workflow(&text, &[]) else { continue };
        parsed += 1;
        // The expectations leave out the dot.
        let name = path.strip_prefix(&folder).unwrap().display().to_string().replace("/.github/", "/github/");
        let found: Vec<_> = dangers::of_one(&pipeline).iter().map(|danger| (danger.rule, danger.severity)).collect();
        if pipeline
            .jobs
            .iter()
            .flat_map(|job| &job.uses)
            .any(|used| !used.pinned.by_digest() && !matches!(used.pinned, Pinned::ImageTag | Pinned::Unknown))
        {
            unpinned.push(name.clone());
        }
        if found.iter().any(|(rule, _)| *rule == "template-injection") {
            injected.push(name.clone());
        }
        if found.iter().any(|(rule, _)| *rule == "dangerous-trigger") {
            triggered.push(name);
        }
    }
    assert!(paths.len() > 60 && parsed * 100 >= paths.len() * 97, "{parsed} of {} understood", paths.len());
    let (pins, triggers, injections) =
        (theirs("unpinned-uses"), theirs("dangerous-triggers"), theirs("template-injection"));
    let missed: Vec<_> = triggers.iter().filter(|path| !triggered.contains(path)).collect();
    assert!(missed.is_empty(), "dangerous triggers that were missed: {missed:?}");
    let agreed = unpinned.iter().filter(|path| pins.contains(*path)).count();
    let either = pins.len() + unpinned.len() - agreed;
    assert!(agreed * 100 >= either * 95, "unpinned actions: {agreed} of {either}; ours {unpinned:?}, theirs {pins:?}");
    // zizmor also names what only a maintainer can choose; what we name, it names too.
    let alone: Vec<_> = injected.iter().filter(|path| !injections.contains(*path)).collect();
    assert!(alone.is_empty(), "injections that only we see: {alone:?}");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text: String) {
        crate::read_anything(&text);
    }
}
