//! Text and source of strangers, followed across the borders of steps, jobs and files.

use std::collections::BTreeMap;

use super::*;

mod acts;
mod evaluated;

const TITLE: &str = "${{ github.event.pull_request.title }}";
const HEAD: &str = "${{ github.event.pull_request.head.sha }}";

/// `high` where a danger of that weight is found, `open` where something is not known, and else `none`.
fn outcome(files: &[(&str, &str)]) -> String {
    let read = files.iter().map(|(path, text)| {
        let read = if path.contains(".github/workflows/") {
            workflow(text, &["src/lib.rs"])
        } else {
            github::action(text, Some("acme/widget"))
        };
        (*path, read.unwrap_or_else(|error| panic!("{error}: {text}")))
    });
    let read: Vec<(&str, Pipeline)> = read.collect();
    let found = dangers::find(read.iter().map(|(path, pipeline)| (*path, pipeline)).collect(), Some("acme/widget"));
    let high: Vec<&str> =
        found.dangers.values().flatten().filter(|danger| danger.severity == "high").map(|danger| danger.rule).collect();
    if !high.is_empty() {
        "high".to_owned()
    } else if !found.gaps.is_empty() {
        "open".to_owned()
    } else {
        "none".to_owned()
    }
}

fn job(on: &str, above: &str, steps: &str) -> String {
    format!("on: {on}\npermissions: {{}}\njobs:\n  a:\n    runs-on: ubuntu-latest\n{above}    steps:\n{steps}")
}

fn put(text: &str) -> String {
    text.replace("TITLE", TITLE).replace("HEADSHA", HEAD)
}

/// Steps of one job under `pull_request_target`, and what comes of them.
const STEPS: &[(&str, &str)] = &[
    // Text that is put into a script, directly and through the environment.
    ("- run: echo TITLE", "high"),
    ("- run: echo ${{ env.T }}\n  env: {T: 'TITLE'}", "high"),
    ("- run: echo ${{ toJSON(github.event) }}", "high"),
    ("- run: echo \"$T\"\n  env: {T: 'TITLE'}", "none"),
    ("- run: echo ${{ github.event.pull_request.number }}", "none"),
    ("- run: echo HEADSHA", "none"),
    ("- run: echo ${{ github.event.pull_request.title == 'x' }}", "none"),
    ("- run: make\n  if: contains(github.event.pull_request.title, 'x')", "none"),
    // A variable that is run.
    ("- run: eval \"$T\"\n  env: {T: 'TITLE'}", "high"),
    ("- run: bash -c \"$T\"\n  env: {T: 'TITLE'}", "high"),
    ("- run: echo \"$T\" | sh\n  env: {T: 'TITLE'}", "high"),
    ("- run: X=$T; eval \"$X\"\n  env: {T: 'TITLE'}", "high"),
    ("- run: eval \"$GITHUB_HEAD_REF\"", "high"),
    ("- run: eval \"$T\"\n  env: {T: '${{ github.sha }}'}", "none"),
    ("- run: ./x.sh \"$T\"\n  env: {T: 'TITLE'}", "open"),
    ("- run: 'bash -c \"$(jq -r .pull_request.title $GITHUB_EVENT_PATH)\"'", "high"),
    ("- run: jq -r .pull_request.title $GITHUB_EVENT_PATH | bash", "high"),
    ("- run: jq .number $GITHUB_EVENT_PATH", "none"),
    // Files of the runner.
    ("- run: echo \"X=$T\" >> $GITHUB_ENV\n  env: {T: 'TITLE'}", "high"),
    ("- run: echo \"X=$T\" >> \"$GITHUB_PATH\"\n  env: {T: 'TITLE'}", "high"),
    ("- run: echo \"X=$env:T\" >> $env:GITHUB_ENV\n  env: {T: 'TITLE'}", "high"),
    ("- run: echo \"X=$GITHUB_SHA\" >> $GITHUB_ENV\n- run: echo ${{ env.X }}", "none"),
    ("- run: echo \"X=$(./x)\" >> $GITHUB_ENV\n- run: echo ${{ env.X }}", "open"),
    // Outputs of steps.
    (
        "- id: s\n  run: echo \"t=$T\" >> $GITHUB_OUTPUT\n  env: {T: 'TITLE'}\n- run: echo ${{ steps.s.outputs.t }}",
        "high",
    ),
    (
        "- id: s\n  run: echo \"::set-output name=t::$T\"\n  env: {T: 'TITLE'}\n- run: echo ${{ steps.s.outputs.t }}",
        "high",
    ),
    (
        "- id: s\n  run: |\n    echo 't<<E' >> $GITHUB_OUTPUT\n    echo \"$T\" >> $GITHUB_OUTPUT\n  env: {T: 'TITLE'}\n- run: echo ${{ steps.s.outputs.t }}",
        "high",
    ),
    (
        "- id: S\n  run: X=$T; echo t=$X >> $GITHUB_OUTPUT\n  env: {T: 'TITLE'}\n- run: echo ${{ steps.s.outputs.t }}",
        "high",
    ),
    (
        "- id: s\n  run: echo \"t=$(echo $T | tr -d x)\" >> $GITHUB_OUTPUT\n  env: {T: 'TITLE'}\n- run: echo ${{ steps.s.outputs.t }}",
        "open",
    ),
    (
        "- id: s\n  run: echo \"t=$(jq -r .x $GITHUB_EVENT_PATH)\" >> $GITHUB_OUTPUT\n- run: echo ${{ steps.s.outputs.t }}",
        "open",
    ),
    (
        "- id: s\n  run: echo \"t=$(gh pr view --json title)\" >> $GITHUB_OUTPUT\n- run: echo ${{ steps.s.outputs.t }}",
        "open",
    ),
    ("- id: s\n  run: echo t=1 >> $GITHUB_OUTPUT\n- run: echo ${{ steps.s.outputs.t }}", "none"),
    ("- id: s\n  run: echo t=$GITHUB_SHA >> $GITHUB_OUTPUT\n- run: echo ${{ steps.s.outputs.t }}", "none"),
    ("- id: s\n  run: echo \"t=$(date +%s)\" >> $GITHUB_OUTPUT\n- run: echo ${{ steps.s.outputs.t }}", "none"),
    (
        "- id: s\n  run: |\n    if [ \"$T\" = x ]; then\n      echo kind=a >> $GITHUB_OUTPUT\n    fi\n  env: {T: 'TITLE'}\n- run: echo ${{ steps.s.outputs.kind }}",
        "none",
    ),
    (
        "- id: s\n  run: echo \"t=$T\" >> $GITHUB_OUTPUT\n  env: {T: 'TITLE'}\n- run: echo \"$X\"\n  env: {X: '${{ steps.s.outputs.t }}'}",
        "none",
    ),
    ("- id: s\n  run: python x.py >> $GITHUB_OUTPUT\n- run: echo ${{ steps.s.outputs.t }}", "open"),
    ("- id: s\n  uses: a/b@v1\n- run: echo ${{ steps.s.outputs.t }}", "open"),
    ("- id: s\n  uses: actions/cache@v4\n- run: echo ${{ steps.s.outputs.cache-hit }}", "none"),
    ("- id: s\n  uses: a/b@v1\n- run: echo ${{ steps.s.outcome }}", "none"),
    // Inputs that other actions run.
    ("- uses: actions/github-script@v7\n  with: {script: 'x(`TITLE`)'}", "high"),
    ("- uses: azure/cli@v2\n  with: {inlineScript: 'echo TITLE'}", "high"),
    ("- uses: nick-fields/retry@v3\n  with: {command: 'echo TITLE', max_attempts: 1}", "high"),
    ("- uses: docker://alpine\n  with: {args: '-c \"TITLE\"', entrypoint: sh}", "high"),
    ("- uses: some/thing@v1\n  with: {run: 'echo TITLE'}", "open"),
    ("- uses: some/thing@v1\n  with: {title: 'TITLE'}", "none"),
    ("- uses: actions/github-script@v7\n  with: {script: 'x(process.env.T)'}\n  env: {T: 'TITLE'}", "none"),
    // Other settings.
    ("- run: x\n  shell: bash -c \"TITLE\" {0}", "high"),
    ("- run: x\n  working-directory: d/TITLE", "high"),
    ("- run: x\n  working-directory: d\n  shell: bash", "none"),
    // Source.
    ("- uses: actions/checkout@v4\n  with: {ref: 'HEADSHA'}", "high"),
    ("- uses: actions/checkout@v4\n  with: {ref: 'refs/pull/${{ github.event.number }}/merge'}", "high"),
    (
        "- uses: actions/checkout@v4\n  with: {ref: \"${{ format('refs/{0}/{1}/head', 'pull', github.event.number) }}\"}",
        "high",
    ),
    ("- uses: other/checkout@v4\n  with: {ref: 'HEADSHA'}", "high"),
    ("- uses: other/git-checkout@v4\n  with: {branch: '${{ github.head_ref }}'}", "high"),
    ("- uses: other/thing@v4\n  with: {ref: 'HEADSHA'}", "open"),
    ("- uses: other/thing@v4\n  with: {sha: 'HEADSHA'}", "none"),
    ("- uses: actions/checkout@v4\n  with: {ref: '${{ steps.s.outputs.x }}'}", "none"),
    ("- id: s\n  uses: a/b@v1\n- uses: actions/checkout@v4\n  with: {ref: '${{ steps.s.outputs.x }}'}", "open"),
    (
        "- id: s\n  run: echo x=HEADSHA >> $GITHUB_OUTPUT\n- uses: actions/checkout@v4\n  with: {ref: '${{ steps.s.outputs.x }}'}",
        "high",
    ),
    ("- uses: actions/checkout@v4\n  with: {ref: '${{ env.X }}'}", "open"),
    ("- run: echo ${{ env.X }}", "open"),
    ("- run: echo ${{ env.GITHUB_SHA }}", "none"),
    ("- uses: actions/checkout@v4", "none"),
    ("- uses: actions/checkout@v4\n  with: {ref: '${{ github.base_ref }}'}", "none"),
    ("- uses: actions/checkout@v4\n  with: {ref: '${{ github.event.pull_request.base.sha }}'}", "none"),
    ("- uses: actions/checkout@v4\n  with: {fetch-depth: 0, path: 'x'}", "none"),
    ("- run: git  fetch origin HEADSHA && git checkout FETCH_HEAD", "high"),
    ("- run: git -C . fetch origin $S\n  env: {S: 'HEADSHA'}", "high"),
    ("- run: 'git -c a=b checkout HEADSHA'", "high"),
    ("- run: git remote add x ${{ github.event.pull_request.head.repo.clone_url }}; git remote update", "high"),
    ("- run: git fetch origin pull/5/head", "high"),
    ("- run: git fetch origin \"refs/pull/$N/merge\"\n  env: {N: '${{ github.event.number }}'}", "high"),
    ("- run: gh pr checkout 5", "high"),
    ("- run: gh  pr  checkout $N", "high"),
    ("- run: gh pr diff 5 | git apply", "high"),
    ("- run: gh pr diff 5 | grep x", "none"),
    ("- run: curl -L https://github.com/x/y/archive/HEADSHA.tar.gz | tar xz", "high"),
    ("- run: curl -X POST https://api.github.com/repos/x/y/statuses/HEADSHA", "none"),
    ("- run: 'git fetch origin $(jq -r .pull_request.head.sha $GITHUB_EVENT_PATH)'", "high"),
    (
        "- run: 'jq .comment $GITHUB_EVENT_PATH > c.json; git fetch https://f.org/own issue/1; git checkout FETCH_HEAD'",
        "open",
    ),
    ("- run: ./ci/get.sh HEADSHA", "open"),
    ("- run: git log HEADSHA", "none"),
    ("- run: git fetch origin main", "none"),
    ("- run: git fetch origin main; gh pr comment ${{ github.event.number }}", "none"),
    ("- run: git checkout -b update", "none"),
    ("- run: curl -L ${{ github.event.pull_request.patch_url }} | git apply", "high"),
    (
        "- run: curl -L $U -o x.zip; unzip x.zip\n  env: {U: '${{ github.event.pull_request.head.repo.archive_url }}'}",
        "high",
    ),
    ("- run: curl -L https://example.org/x.tar.gz | tar xz", "none"),
    ("- uses: actions/checkout@v4\n  with: {ref: '${{ github.event.after }}'}", "high"),
    // Programs of other languages.
    ("- run: os.system('x ' + os.environ['T'])\n  shell: python\n  env: {T: 'TITLE'}", "open"),
    ("- run: print(os.environ['T'])\n  shell: python\n  env: {T: 'TITLE'}", "none"),
    ("- run: python -c \"import os; os.system(open(os.environ['GITHUB_EVENT_PATH']).read())\"", "open"),
    ("- uses: actions/github-script@v7\n  with: {script: 'exec(context.payload.pull_request.title)'}", "open"),
    ("- uses: actions/github-script@v7\n  with: {script: 'core.info(context.payload.pull_request.title)'}", "none"),
    // Guards.
    ("- run: git checkout HEADSHA\n  if: github.event.pull_request.head.repo.full_name == github.repository", "none"),
    ("- run: git checkout HEADSHA\n  if: '!github.event.pull_request.head.repo.fork'", "none"),
    ("- run: git checkout HEADSHA\n  if: github.event_name == 'push'", "none"),
    ("- run: git checkout HEADSHA\n  if: github.event.pull_request.user.login == 'me'", "none"),
    ("- run: git checkout HEADSHA\n  if: github.actor == 'me'", "high"),
    ("- run: git checkout HEADSHA\n  if: github.event.pull_request.head.repo.full_name != github.repository", "high"),
    ("- run: git checkout HEADSHA\n  if: failure()", "high"),
];

#[test]
fn what_strangers_give_is_followed_within_a_job() {
    for (steps, expected) in STEPS {
        let steps: String = put(steps).lines().flat_map(|line| ["      ", line, "\n"]).collect();
        let text = job("pull_request_target", "", &steps);
        assert_eq!(outcome(&[(".github/workflows/a.yml", &text)]), *expected, "{steps}");
    }
}

#[test]
fn settings_of_a_job_are_looked_at() {
    for (above, step, expected) in [
        ("strategy: {matrix: {t: ['TITLE']}}", "echo ${{ matrix.t }}", "high"),
        ("strategy: {matrix: {x: [1], include: [{t: 'TITLE'}]}}", "echo ${{ matrix.t }}", "high"),
        ("strategy: {matrix: {t: [{u: 'TITLE'}]}}", "echo ${{ matrix.t.u }}", "high"),
        ("strategy: {matrix: '${{ fromJSON(needs.x.outputs.m) }}'}", "echo ${{ matrix.t }}", "none"),
        ("strategy: {matrix: {t: ['TITLE'], u: [1]}}", "echo ${{ matrix.u }}", "none"),
        ("strategy: {matrix: {t: [a, b]}}", "echo ${{ matrix.t }}", "none"),
        ("container: {image: x, options: '--entrypoint TITLE'}", "x", "high"),
        ("container: 'x:${{ github.head_ref }}'", "x", "high"),
        ("services: {db: {image: 'HEADSHA'}}", "x", "high"),
        ("container: {image: x, env: {T: 'TITLE'}}", "x", "none"),
        ("defaults: {run: {working-directory: 'TITLE'}}", "x", "high"),
        ("defaults: {run: {shell: 'bash -c \"TITLE\" {0}'}}", "x", "high"),
        ("env: {T: 'TITLE'}", "echo ${{ env.T }}", "high"),
        ("if: github.event_name == 'push'", "echo TITLE", "none"),
        ("if: github.event.pull_request.head.repo.full_name == github.repository", "echo TITLE", "none"),
        ("if: github.repository == 'acme/widget'", "echo TITLE", "high"),
        ("if: always()", "echo TITLE", "high"),
        ("if: github.actor == 'dependabot[bot]'", "gh pr merge 5", "high"),
        ("if: github.actor == 'dependabot[bot]'", "gh pr comment 5", "none"),
        ("if: github.event.pull_request.user.login == 'dependabot[bot]'", "gh pr merge 5", "none"),
    ] {
        let text =
            job("pull_request_target", &format!("    {}\n", put(above)), &format!("      - run: {}\n", put(step)));
        assert_eq!(outcome(&[(".github/workflows/a.yml", &text)]), expected, "{above} {step}");
    }
}

#[test]
fn what_strangers_give_is_followed_through_files_of_the_repository() {
    let action = |steps: &str, outputs: &str| {
        format!("name: x\noutputs: {outputs}\nruns:\n  using: composite\n  steps:\n{steps}")
    };
    let say = action("    - {shell: bash, run: 'echo ${{ inputs.title }}'}\n", "{}");
    let get = action("    - {uses: actions/checkout@v4, with: {ref: '${{ inputs.ref }}'}}\n", "{}");
    let env = action("    - {shell: bash, run: 'echo ${{ env.T }}'}\n", "{}");
    let run = action("    - {shell: bash, run: 'eval \"$T\"'}\n", "{}");
    let safe = action("    - {shell: bash, run: 'echo \"$T\"', env: {T: '${{ inputs.title }}'}}\n", "{}");
    let nested = action("    - {uses: ./say, with: {Title: 'x ${{ inputs.t }}'}}\n", "{}");
    let gives = action(
        "    - {id: s, shell: bash, run: 'echo \"t=$T\" >> $GITHUB_OUTPUT', env: {T: '${{ inputs.title }}'}}\n",
        "{t: {value: '${{ steps.s.outputs.t }}'}, c: {value: plain}}",
    );
    let by_itself = action("    - {shell: bash, run: 'echo ${{ github.event.issue.title }}'}\n", "{}");
    for (file, text, steps, expected) in [
        ("say/action.yml", &say, "- uses: ./say\n  with: {title: 'TITLE'}", "high"),
        ("say/action.yml", &say, "- uses: $/say\n  with: {title: 'TITLE'}", "high"),
        ("say/action.yaml", &say, "- uses: ./say/\n  with: {TITLE: 'TITLE'}", "high"),
        ("say/action.yml", &say, "- uses: acme/widget/say@main\n  with: {title: 'TITLE'}", "high"),
        ("say/action.yml", &say, "- uses: other/widget/say@main\n  with: {title: 'TITLE'}", "none"),
        ("say/action.yml", &say, "- uses: ./say\n  with: {title: plain}", "none"),
        ("say/action.yml", &say, "- uses: ./say\n  with: {other: 'TITLE'}", "none"),
        ("say/action.yml", &say, "- uses: ./say\n  with: {title: 'TITLE'}\n  if: github.event_name == 'push'", "none"),
        ("say/action.yml", &safe, "- uses: ./say\n  with: {title: 'TITLE'}", "none"),
        ("say/action.yml", &get, "- uses: ./say\n  with: {ref: 'HEADSHA'}", "high"),
        ("say/action.yml", &get, "- uses: ./say\n  with: {ref: main}", "none"),
        ("say/action.yml", &env, "- uses: ./say\n  env: {T: 'TITLE'}", "high"),
        ("say/action.yml", &env, "- uses: ./say\n  env: {T: plain}", "none"),
        ("say/action.yml", &run, "- uses: ./say\n  env: {T: 'TITLE'}", "high"),
        (
            "say/action.yml",
            &run,
            "- run: echo T=$X >> $GITHUB_ENV\n  env: {X: '${{ github.sha }}'}\n- uses: ./say",
            "none",
        ),
        (
            "x/action.yml",
            &gives,
            "- id: a\n  uses: ./x\n  with: {title: 'TITLE'}\n- run: echo ${{ steps.a.outputs.t }}",
            "high",
        ),
        (
            "x/action.yml",
            &gives,
            "- id: a\n  uses: ./x\n  with: {title: 'TITLE'}\n- run: echo ${{ steps.a.outputs.c }}",
            "none",
        ),
        (
            "x/action.yml",
            &gives,
            "- id: a\n  uses: ./x\n  with: {title: plain}\n- run: echo ${{ steps.a.outputs.t }}",
            "none",
        ),
        ("x/action.yml", &by_itself, "- run: x", "high"),
    ] {
        let steps: String = steps.replace("'TITLE'", &format!("'{TITLE}'")).replace("'HEADSHA'", &format!("'{HEAD}'"));
        let steps: String = steps.lines().flat_map(|line| ["      ", line, "\n"]).collect();
        let caller = job("pull_request_target", "", &steps);
        assert_eq!(outcome(&[(".github/workflows/a.yml", &caller), (file, text)]), expected, "{steps} {text}");
    }
    let caller = job("issues", "", "      - {uses: ./nested, with: {t: '${{ github.event.issue.title }}'}}\n");
    assert_eq!(
        outcome(&[(".github/workflows/a.yml", &caller), ("nested/action.yml", &nested), ("say/action.yml", &say)]),
        "high"
    );
}

#[test]
fn what_strangers_give_is_followed_through_jobs_and_workflows() {
    let called = "on: {workflow_call: {inputs: {t: {type: string}, r: {type: string}}, outputs: {o: {value: '${{ jobs.b.outputs.o }}'}}}}\njobs:\n  b:\n    runs-on: ubuntu-latest\n    outputs: {o: '${{ steps.s.outputs.o }}'}\n    steps:\n      - STEP\n";
    let caller = "on: EVENT\npermissions: {}\njobs:\n  a:\n    COND\n    uses: ./.github/workflows/b.yml\n    with: {t: 'TITLE', r: 'HEADSHA'}\n";
    for (event, condition, step, expected) in [
        ("pull_request_target", "name: x", "run: echo ${{ inputs.t }}", "high"),
        ("pull_request_target", "name: x", "run: echo ${{ inputs.T }} ${{ inputs['t'] }}", "high"),
        ("pull_request_target", "name: x", "run: echo ${{ toJSON(inputs) }}", "high"),
        ("pull_request_target", "name: x", "{uses: actions/checkout@v4, with: {ref: '${{ inputs.r }}'}}", "high"),
        ("pull_request_target", "name: x", "run: git checkout ${{ inputs.r }}", "high"),
        ("pull_request_target", "name: x", "run: echo ${{ inputs.none }}", "none"),
        ("pull_request_target", "name: x", "{run: 'echo \"$T\"', env: {T: '${{ inputs.t }}'}}", "none"),
        ("pull_request_target", "if: github.event_name == 'push'", "run: echo ${{ inputs.t }}", "none"),
        (
            "pull_request_target",
            "name: x",
            "{run: 'git checkout ${{ inputs.r }}', if: github.event_name == 'push'}",
            "none",
        ),
        ("pull_request", "name: x", "{uses: actions/checkout@v4, with: {ref: '${{ inputs.r }}'}}", "none"),
        ("pull_request", "name: x", "run: echo ${{ inputs.t }}", "high"),
        ("push", "name: x", "run: echo ${{ inputs.r }}", "none"),
    ] {
        let caller = put(&caller.replace("EVENT", event).replace("COND", condition));
        let called = called.replace("STEP", step);
        let files = [(".github/workflows/a.yml", caller.as_str()), (".github/workflows/b.yml", called.as_str())];
        assert_eq!(outcome(&files), expected, "{caller} {called}");
    }
    let secret = called.replace("STEP", "run: echo ${{ secrets.S }}");
    for (text, expected) in [("TITLE", "high"), ("${{ secrets.S }}", "none")] {
        let caller = put(&caller.replace("EVENT", "issues").replace("COND", &format!("secrets: {{s: '{text}'}}")));
        let files = [(".github/workflows/a.yml", caller.as_str()), (".github/workflows/b.yml", secret.as_str())];
        assert_eq!(outcome(&files), expected, "{caller}");
    }
    let two = |value: &str, step: &str| {
        put(&format!(
            "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n    outputs: {{o: '{value}'}}\n    steps:\n      - {{id: s, run: 'echo \"o=$T\" >> $GITHUB_OUTPUT', env: {{T: 'TITLE'}}}}\n      - {{id: c, run: 'echo o=1 >> $GITHUB_OUTPUT'}}\n      - {{id: x, uses: a/b@v1}}\n  b:\n    needs: a\n    runs-on: ubuntu-latest\n    steps:\n      - {step}\n"
        ))
    };
    for (value, step, expected) in [
        ("${{ steps.s.outputs.o }}", "run: echo ${{ needs.a.outputs.o }}", "high"),
        ("TITLE", "run: echo ${{ needs.a.outputs.o }}", "high"),
        ("HEADSHA", "{uses: actions/checkout@v4, with: {ref: '${{ needs.a.outputs.o }}'}}", "high"),
        ("${{ steps.x.outputs.o }}", "run: echo ${{ needs.a.outputs.o }}", "open"),
        ("${{ steps.c.outputs.o }}", "run: echo ${{ needs.a.outputs.o }}", "none"),
        ("TITLE", "run: echo ${{ needs.a.result }}", "none"),
        ("TITLE", "run: echo ${{ needs.a.outputs.other }}", "none"),
        ("TITLE", "{run: 'echo \"$T\"', env: {T: '${{ needs.a.outputs.o }}'}}", "none"),
    ] {
        let text = two(value, step);
        assert_eq!(outcome(&[(".github/workflows/a.yml", &text)]), expected, "{text}");
    }
    let called = called.replace("STEP", "{id: s, run: 'echo \"o=$T\" >> $GITHUB_OUTPUT', env: {T: '${{ inputs.t }}'}}");
    let user = "  c:\n    needs: a\n    runs-on: ubuntu-latest\n    steps: [{run: 'echo ${{ needs.a.outputs.o }}'}]\n";
    let caller = put(&caller.replace("EVENT", "issues").replace("COND", "name: x")) + user;
    assert_eq!(outcome(&[(".github/workflows/a.yml", &caller), (".github/workflows/b.yml", &called)]), "high");
}

#[test]
fn artifacts_of_another_run_are_not_run() {
    let get = "- {uses: actions/download-artifact@v4, with: {run-id: '${{ github.event.workflow_run.id }}'}}";
    for (on, get, then, expected) in [
        ("workflow_run", get, "./x", "high"),
        ("workflow_run", get, "make test", "high"),
        ("workflow_run", get, "npm install && npm test", "high"),
        ("workflow_run", get, "frobnicate", "open"),
        ("workflow_run", get, "cat pr.txt", "none"),
        ("workflow_run", "- uses: dawidd6/action-download-artifact@v3", "bash x.sh", "high"),
        ("workflow_run", "- run: gh run download 5", "python x.py", "high"),
        ("workflow_run", "- uses: actions/download-artifact@v4", "./x", "none"),
        ("push", get, "./x", "none"),
        ("workflow_run", get, "export $(cat pr/env)", "high"),
        ("workflow_run", get, "declare -x $(cat pr/env)", "high"),
        ("workflow_run", get, "export NUMBER=$(cat pr/number)", "none"),
        ("push", get, "export $(cat pr/env)", "none"),
    ] {
        let on = if on == "workflow_run" { "{workflow_run: {workflows: [x]}}" } else { on };
        let text = job(on, "", &format!("      {get}\n      - run: {then}\n"));
        assert_eq!(outcome(&[(".github/workflows/a.yml", &text)]), expected, "{text}");
    }
}

#[test]
fn machines_of_the_project_are_reached_under_the_events_that_reach_them() {
    for (on, above, runs_on, expected) in [
        ("pull_request", "name: x", "self-hosted", "high"),
        ("pull_request", "name: x", "[Self-Hosted, linux]", "high"),
        ("pull_request_target", "name: x", "self-hosted", "high"),
        ("pull_request", "strategy: {matrix: {os: [ubuntu-latest, self-hosted]}}", "'${{ matrix.os }}'", "high"),
        ("pull_request", "name: x", "my-box", "open"),
        ("pull_request", "name: x", "{group: own}", "open"),
        ("pull_request", "name: x", "ubuntu-latest", "none"),
        (
            "pull_request",
            "name: x",
            "\"${{ github.event.pull_request.head.repo.fork && 'ubuntu-latest' || 'self-hosted' }}\"",
            "none",
        ),
        (
            "pull_request",
            "name: x",
            "\"${{ github.event.pull_request.head.repo.fork && 'self-hosted' || 'ubuntu-latest' }}\"",
            "high",
        ),
        ("push", "name: x", "self-hosted", "none"),
        ("[push, pull_request]", "if: github.event_name == 'push'", "self-hosted", "none"),
        ("[push, pull_request]", "if: github.event_name != 'pull_request'", "self-hosted", "none"),
        ("[push, pull_request]", "if: github.event_name != 'push'", "self-hosted", "high"),
        (
            "pull_request",
            "if: github.event.pull_request.head.repo.full_name == github.repository",
            "self-hosted",
            "none",
        ),
        ("pull_request", "if: contains(github.event.pull_request.labels.*.name, 'ok')", "self-hosted", "high"),
    ] {
        let text = format!("on: {on}\njobs:\n  a:\n    {above}\n    runs-on: {runs_on}\n    steps: [{{run: make}}]\n");
        assert_eq!(outcome(&[(".github/workflows/a.yml", &text)]), expected, "{text}");
    }
}

#[test]
fn files_that_lead_to_each_other_end() {
    let loops = |name: &str, other: &str| {
        format!(
            "name: {name}\nruns:\n  using: composite\n  steps:\n    - {{uses: ./{other}, with: {{a: '${{{{ inputs.a }}}}{name}', b: '${{{{ inputs.a }}}}'}}}}\n    - {{uses: ./{name}, with: {{a: '${{{{ inputs.b }}}}'}}}}\n"
        )
    };
    let (x, y) = (loops("x", "y"), loops("y", "x"));
    let caller = put(&job("pull_request_target", "", "      - {uses: ./x, with: {a: 'TITLE', b: 'HEADSHA'}}\n"));
    let _ = outcome(&[(".github/workflows/a.yml", &caller), ("x/action.yml", &x), ("y/action.yml", &y)]);
    // Each output is made of 60 of the one before: in 60^29 ways, each of which is gone once.
    let step = |n: usize| {
        if n == 0 {
            return put("      - {id: s0, run: 'echo o=$T >> $GITHUB_OUTPUT', env: {T: 'TITLE'}}\n");
        }
        let before = format!("${{{{ steps.s{}.outputs.o }}}}", n - 1).repeat(60);
        format!("      - {{id: s{n}, run: 'echo \"$X\" o=$X >> $GITHUB_OUTPUT', env: {{X: '{before}'}}}}\n")
    };
    let last = "      - run: echo ${{ steps.s29.outputs.o }}\n";
    let rows: String = (0..30).map(step).collect::<Vec<_>>().concat();
    let text = job("pull_request_target", "", &format!("{rows}{last}"));
    assert_eq!(outcome(&[(".github/workflows/a.yml", &text)]), "high");
    // One that is deeper than is followed at once is not known.
    let rows: String = (0..30).rev().map(step).collect::<Vec<_>>().concat();
    let text = job("pull_request_target", "", &format!("{last}{rows}"));
    assert_eq!(outcome(&[(".github/workflows/a.yml", &text)]), "open");
}

proptest::proptest! {
    /// However many files a text passes through, it arrives; and a plain one never does harm.
    #[test]
    fn a_text_arrives_through_any_chain(names in proptest::collection::vec("[a-z]{1,6}", 1..9), tainted: bool, dollar: bool) {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        let last = names.len() - 1;
        for (at, input) in names.iter().enumerate() {
            let step = if at == last {
                format!("{{shell: bash, run: 'echo ${{{{ inputs.{input} }}}}'}}")
            } else {
                let start = if dollar { "$/" } else { "./" };
                format!("{{uses: '{start}d{}', with: {{{}: 'x ${{{{ inputs.{input} }}}}'}}}}", at + 1, names[at + 1])
            };
            files.insert(format!("d{at}/action.yml"), format!("name: x\nruns:\n  using: composite\n  steps:\n    - {step}\n"));
        }
        let text = if tainted { TITLE } else { "plain" };
        let caller = job("pull_request_target", "", &format!("      - {{uses: ./d0, with: {{{}: '{text}'}}}}\n", names[0]));
        files.insert(".github/workflows/a.yml".to_owned(), caller);
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        proptest::prop_assert_eq!(outcome(&files), if tainted { "high" } else { "none" });
    }
}
