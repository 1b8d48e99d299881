//! Workflows, safe and dangerous, and the same files seen by zizmor.

use super::*;

fn jobs(text: &str) -> Vec<String> {
    let pipeline = github::workflow(text).unwrap();
    pipeline
        .jobs
        .iter()
        .map(|job| {
            let purposes: Vec<_> = purposes::of(job)
                .iter()
                .map(|(name, gated)| format!("{name}{}", if *gated { "" } else { "?" }))
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
    dangers::find(&github::workflow(text).unwrap()).iter().map(|danger| danger.rule).collect()
}

#[test]
fn jobs_say_what_they_do() {
    let text = "on: [push, pull_request]\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo test\n      - run: cargo clippy\n        continue-on-error: true\n  b:\n    runs-on: [self-hosted]\n    continue-on-error: true\n    steps:\n      - run: cargo audit\n  c:\n    if: github.event_name == 'schedule'\n    runs-on: ${{ matrix.os }}\n    steps:\n      - uses: google/clusterfuzzlite/actions/run_fuzzers@v1\n";
    assert_eq!(
        jobs(text),
        [
            "a lint?,test change=true tolerant=false hosted",
            "b audit change=true tolerant=true self-hosted",
            "c fuzz change=false tolerant=false unknown"
        ]
    );
}

#[test]
fn a_trigger_that_leaves_changes_out_does_not_count() {
    let with = |on: &str| {
        github::workflow(&format!("on:\n{on}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n"))
            .unwrap()
            .on_change
    };
    for (on, expected) in [
        ("  push:", true),
        ("  pull_request:", true),
        ("  push:\n    branches: [main]", true),
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
        assert!(github::workflow(text).is_err(), "{}", text.chars().take(40).collect::<String>());
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
        .map(|job| format!("{} {:?} {} {}", job.id, purposes::of(job), job.on_change, job.tolerant))
        .collect();
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(found.contains(&"test [(\"test\", true)] true false".to_owned()), "{found:?}");
    assert!(found.contains(&"lint [(\"lint\", true)] true true".to_owned()), "{found:?}");
    assert!(found.contains(&"nightly [(\"audit\", true)] false false".to_owned()), "{found:?}");
    assert_eq!(pipeline.gaps.len(), 1);
    assert!(pipeline.jobs.iter().all(|job| !job.uses.is_empty()));
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
        let Ok(pipeline) = github::workflow(&text) else { continue };
        parsed += 1;
        // The expectations leave out the dot.
        let name = path.strip_prefix(&folder).unwrap().display().to_string().replace("/.github/", "/github/");
        let found: Vec<_> = dangers::find(&pipeline).iter().map(|danger| (danger.rule, danger.severity)).collect();
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
        read_anything(&text);
    }
}
