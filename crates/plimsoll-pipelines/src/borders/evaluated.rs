//! Scripts that evaluate a stranger's text by another way than `eval` of its variable.

use super::{job, outcome, put};
use crate::{dangers, gitlab};

/// Scripts under `pull_request_target` with the title as T in the environment, and what comes of them.
const SCRIPTS: &[(&str, &str)] = &[
    // It stays a text.
    ("echo \"$T\"", "none"),
    ("printf '%s\\n' \"$T\" | tee -a \"$GITHUB_STEP_SUMMARY\"", "none"),
    ("gh pr comment 5 --body \"$T\"", "none"),
    ("gh pr edit 5 --add-label x; echo \"$T\"", "none"),
    ("git commit -m \"$T\"", "none"),
    ("curl -d \"{\\\"t\\\": \\\"$T\\\"}\" https://example.org/hook", "none"),
    ("jq -n --arg t \"$T\" '{text: $t}' > x.json; curl -d @x.json https://example.org", "none"),
    ("cat <<E\n$T\nE", "none"),
    ("cat > body.md <<E\nTitle: $T\nE", "none"),
    ("[ \"$T\" = x ]", "none"),
    ("[[ \"$T\" =~ ^feat: ]] && echo yes", "none"),
    ("if [[ \"$T\" == fix* ]]; then gh pr edit 5 --add-label bug; fi", "none"),
    ("case \"$T\" in\n  fix*) echo a ;;\n  \"$T\") echo b ;;\nesac", "none"),
    ("echo \"$T\" > body.md; gh release create --notes-file body.md", "none"),
    ("awk -v t=\"$T\" '{print t}' x", "none"),
    ("echo \"$T\" | grep -q fix && exit 1", "none"),
    ("bash -c 'echo \"$T\"'", "none"),
    ("bash -c 'echo \"$1\"' _ \"$T\"", "none"),
    ("bash <<'E'\necho \"$T\"\nE", "none"),
    ("node -e 'console.log(process.env.T.length)'", "none"),
    ("python3 -c 'import os; print(os.environ[\"T\"])'", "none"),
    ("args=(--title \"$T\"); gh pr edit 5 \"${args[@]}\"", "none"),
    ("cmd=(gh pr edit 5 --title \"$T\"); \"${cmd[@]}\"", "none"),
    ("export X=\"$T\"; echo \"$X\"", "none"),
    ("echo \"$T\"; curl -sSf https://example.org/install.sh | sh", "none"),
    ("echo \"$T\"; sudo apt-get install -y zsh", "none"),
    ("x=\"$(echo \"$T\" | tr -d x)\"; echo \"$x\"", "none"),
    ("echo \"${T//x/y}\" \"${T:-none}\"", "none"),
    ("if (( ${#T} > 50 )); then exit 1; fi", "none"),
    ("n=0; (( n++ )); echo \"$n ${#T}\"", "none"),
    // Here documents and what is piped.
    ("bash <<E\necho $T\nE", "high"),
    ("bash <<'E'\neval \"$T\"\nE", "high"),
    ("bash <<'E'\n$T\nE", "high"),
    ("cat <<E | bash\necho $T\nE", "high"),
    ("python3 - <<E\nprint('$T')\nE", "high"),
    ("sudo -u x bash -s <<E\necho $T\nE", "high"),
    ("bash <<< \"$T\"", "high"),
    ("printf '%s' \"$T\" | tr a b | bash", "high"),
    ("source <(echo \"$T\")", "high"),
    // Wrappers.
    ("timeout 5 bash -c \"$T\"", "high"),
    ("env -i X=1 bash -c \"$T\"", "high"),
    ("find . -exec sh -c \"$T\" {} +", "high"),
    ("docker run --rm x sh -c \"$T\"", "high"),
    ("docker exec x bash -c \"echo $T\"", "high"),
    ("ssh host \"echo $T\"", "high"),
    ("sudo nohup nice -n 5 bash -c \"$T\"", "high"),
    ("flock x -c \"$T\"", "high"),
    ("echo \"$T\" | xargs -I{} sh -c 'echo {}'", "high"),
    ("bash -c \"bash -c '$T'\"", "high"),
    ("bash -c 'eval \"$T\"'", "high"),
    ("bash -c '$T'", "high"),
    ("bash -c 'eval \"$1\"' _ \"$T\"", "open"),
    ("frobnicate \"$T\"", "open"),
    ("frobnicate", "open"),
    // By another name.
    ("$T", "high"),
    ("\"$T\" x", "high"),
    ("cmd=(\"$T\" x); \"${cmd[@]}\"", "high"),
    ("scripts/$T.sh", "open"),
    ("read -r X <<< \"$T\"; eval \"$X\"", "high"),
    ("printf -v X '%s' \"$T\"; eval \"$X\"", "high"),
    ("for x in $T; do eval \"$x\"; done", "high"),
    ("while read -r l; do eval \"$l\"; done <<< \"$T\"", "open"),
    ("f() { bash -c \"$1\"; }; f \"$T\"", "open"),
    ("echo \"$T\" | while read l; do $l; done", "open"),
    ("set -- $T; eval \"$1\"", "open"),
    ("declare -n r=T; echo \"$r\"", "open"),
    ("n=T; eval \"${!n}\"", "open"),
    ("echo ${!T}", "open"),
    ("echo \"${T@P}\"", "open"),
    ("export \"$T\"", "open"),
    ("bash -c \"$(printenv T)\"", "open"),
    ("printenv T | bash", "open"),
    ("eval \"$(env | grep ^T)\"", "open"),
    ("trap \"$T\" EXIT", "high"),
    // Arithmetic and other languages.
    ("[[ \"$T\" -eq 1 ]]", "open"),
    ("[[ -v $T ]]", "open"),
    ("[ -v \"$T\" ]", "open"),
    ("echo $((T + 1))", "open"),
    ("(( T > 1 ))", "open"),
    ("let x=T", "open"),
    ("echo \"${a[$T]}\"", "open"),
    ("awk \"{print $T}\"", "open"),
    ("awk 'BEGIN { system(ENVIRON[\"T\"]) }'", "open"),
    ("sed \"s/x/$T/\" y", "open"),
    ("perl -e \"print '$T'\"", "high"),
    ("python3 -c \"print('$T')\"", "high"),
    ("node -e \"console.log('$T')\"", "high"),
    ("node -e 'require(\"child_process\").execSync(process.env.T)'", "open"),
    // Files.
    ("echo \"$T\" > x.sh; bash x.sh", "high"),
    ("echo \"$T\" > x; chmod +x x; ./x", "high"),
    ("echo \"X=$T\" > .env; source .env", "high"),
    ("echo \"$T\" | tee x; . ./x", "high"),
    ("cat > x <<E\n$T\nE\nbash x", "high"),
    ("echo \"$T\" > x.py", "open"),
    ("echo \"$T\" > x; make -f x", "open"),
    // Programs of the repository.
    ("make", "open"),
    ("npm run x", "open"),
    ("./x.sh", "open"),
    ("bash ./x.sh \"$T\"", "open"),
    ("python x.py", "open"),
    // Answers of the forge.
    ("gh issue view 5 --json body --jq .body | bash", "high"),
    ("bash -c \"$(gh api repos/x/y/issues/5 --jq .title)\"", "high"),
    ("X=$(gh pr view 5 --json title -q .title); eval \"$X\"", "high"),
    ("curl -s https://api.github.com/repos/x/y/issues/5 | jq -r .body | sh", "high"),
    ("source <(gh api repos/x/y/issues/5 --jq .body)", "high"),
    ("gh api repos/x/y/releases --jq .[0].name | bash", "open"),
];

fn outcome_of(script: &str, around: &str) -> String {
    let lines: String = script.lines().flat_map(|line| ["          ", line, "\n"]).collect();
    let text = put(&job("pull_request_target", "", &format!("      - {around}run: |\n{lines}")));
    outcome(&[(".github/workflows/a.yml", &text)])
}

#[test]
fn what_is_not_proven_to_leave_a_text_alone_is_not_called_harmless() {
    let mut wrong = Vec::new();
    for (script, expected) in SCRIPTS {
        let found = outcome_of(script, "env: {T: 'TITLE'}\n        ");
        if found != *expected {
            wrong.push(format!("{script}: {found}, and not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn without_a_text_of_strangers_the_same_scripts_are_harmless() {
    for (script, expected) in
        SCRIPTS.iter().filter(|(script, _)| !["gh ", "api"].iter().any(|part| script.contains(part)))
    {
        assert_eq!(outcome_of(script, "env: {T: 'x'}\n        "), "none", "{script} {expected}");
    }
}

/// Steps under `pull_request_target`, and what comes of them.
const STEPS: &[(&str, &str)] = &[
    // A file of one step, run by another.
    ("- run: echo \"$T\" > x\n  env: {T: 'TITLE'}\n- run: bash x", "high"),
    ("- run: echo \"$T\" > x\n  env: {T: 'TITLE'}\n- run: cat x", "none"),
    ("- run: echo \"$T\" > d/x.txt\n  env: {T: 'TITLE'}\n- run: python y.py d/x.txt", "open"),
    ("- run: echo \"$T\" > x\n  env: {T: 'TITLE'}\n- run: bash y", "none"),
    // Names that programs run.
    ("- run: make\n  env: {BASH_ENV: 'TITLE'}", "high"),
    ("- run: git log\n  env: {GIT_SSH_COMMAND: 'TITLE'}", "high"),
    ("- run: echo\n  env: {MESSAGE: 'TITLE'}", "none"),
    // Programs of the repository that are actions, and such as take what the forge answers.
    ("- uses: ./js\n  with: {t: 'TITLE'}", "open"),
    ("- uses: ./js\n  env: {T: 'TITLE'}", "open"),
    ("- uses: ./js\n  with: {t: x}", "none"),
    ("- uses: ./not-there\n  with: {t: 'TITLE'}", "open"),
    ("- uses: ./default", "open"),
    ("- uses: ./default\n  with: {t: x}", "none"),
    ("- uses: ./image\n  with: {t: 'TITLE'}", "open"),
    ("- uses: ./shell\n  with: {t: 'TITLE'}", "high"),
    ("- uses: ./image\n  with: {t: x}", "none"),
    ("- uses: ./says", "high"),
    ("- uses: ./says\n  with: {t: x}", "none"),
    (
        "- uses: actions/github-script@v7\n  env: {T: 'TITLE'}\n  with: {script: 'await exec.exec(process.env.T)'}",
        "open",
    ),
    ("- uses: actions/github-script@v7\n  env: {T: 'TITLE'}\n  with: {script: 'eval(process.env.T)'}", "open"),
    ("- uses: actions/github-script@v7\n  env: {T: 'TITLE'}\n  with: {script: 'core.info(process.env.T)'}", "none"),
    (
        "- uses: actions/github-script@v7\n  with: {script: 'const i = await github.rest.issues.get(x); await exec.exec(i.data.title)'}",
        "open",
    ),
    // Source of whoever causes the event.
    ("- run: git clone https://github.com/${{ github.actor }}/widget", "high"),
    ("- run: git clone \"https://github.com/$GITHUB_ACTOR/widget\"", "high"),
    (
        "- run: git clone https://github.com/$U/widget\n  env: {U: '${{ github.event.pull_request.user.login }}'}",
        "high",
    ),
    ("- run: gh repo clone ${{ github.event.pull_request.user.login }}/widget", "high"),
    ("- run: 'git remote set-url origin https://${{ github.actor }}:x@github.com/acme/widget'", "none"),
    ("- run: 'git clone https://${GITHUB_ACTOR}@github.com/acme/widget'", "none"),
    ("- run: echo \"by ${{ github.actor }}\"; ./x.sh $GITHUB_ACTOR", "none"),
    ("- uses: actions/checkout@v4\n  with: {repository: '${{ github.actor }}/widget'}", "high"),
    ("- uses: actions/checkout@v4\n  with: {path: '${{ github.actor }}'}", "none"),
    ("- run: gh pr co 5", "high"),
    ("- run: '[ \"$P\" = https://github.com/acme/widget/pull/5 ] && git fetch origin refs/heads/main'", "none"),
    ("- run: 'P=pull/5; git fetch origin \"$P/head\"; git checkout FETCH_HEAD'", "high"),
    ("- run: 'P=pull/5; git fetch origin \"$P/merge\"; git checkout FETCH_HEAD'", "high"),
    ("- run: git fetch origin $R\n  env: {R: 'refs/pull/${{ github.event.number }}/merge'}", "high"),
    ("- uses: actions/checkout@v4\n  env: {R: 'x'}\n  with: {ref: '${{ env.R }}'}", "none"),
    ("- uses: docker/build-push-action@v6\n  with: {context: 'https://github.com/acme/widget.git#HEADSHA'}", "high"),
    (
        "- uses: docker/build-push-action@v6\n  with: {context: 'https://github.com/acme/widget.git#refs/pull/${{ github.event.number }}/merge'}",
        "high",
    ),
    ("- uses: docker/build-push-action@v6\n  with: {context: ., tags: 'x:HEADSHA'}", "none"),
];

#[test]
fn what_is_run_by_another_way_is_followed() {
    let action = |inputs: &str, runs: &str| format!("name: x\ninputs: {inputs}\nruns: {runs}\n");
    let title = "{t: {default: 'TITLE'}}";
    let files = [
        ("js/action.yml", action("{t: {}}", "{using: node20, main: x.js}")),
        ("default/action.yml", action(title, "{using: node20, main: x.js}")),
        ("image/action.yml", action("{t: {}}", "{using: docker, image: Dockerfile, args: ['${{ inputs.t }}']}")),
        (
            "shell/action.yml",
            action("{t: {}}", "{using: docker, image: Dockerfile, entrypoint: sh, args: [-c, '${{ inputs.t }}']}"),
        ),
        ("says/action.yml", action(title, "{using: composite, steps: [{shell: bash, run: 'echo ${{ inputs.t }}'}]}")),
    ];
    let mut wrong = Vec::new();
    for (steps, expected) in STEPS {
        let lines: String = put(steps).lines().flat_map(|line| ["      ", line, "\n"]).collect();
        let workflow = job("pull_request_target", "", &lines);
        let used = files.iter().filter(|(path, _)| {
            steps.contains(&format!("./{}\n", path.replace("/action.yml", "")))
                || steps.ends_with(&path.replace("/action.yml", ""))
        });
        let texts: Vec<(&str, String)> = used.map(|(path, text)| (*path, put(text))).collect();
        let mut all = vec![(".github/workflows/a.yml", workflow.as_str())];
        all.extend(texts.iter().map(|(path, text)| (*path, text.as_str())));
        let found = outcome(&all);
        if found != *expected {
            wrong.push(format!("{steps}: {found}, and not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn texts_of_changes_are_followed_on_gitlab() {
    let mut wrong = Vec::new();
    for (script, expected) in [
        ("echo \"$CI_COMMIT_MESSAGE\"", "none"),
        ("if [ \"$CI_COMMIT_BRANCH\" = main ]; then make deploy; fi", "none"),
        ("[[ \"$CI_COMMIT_TITLE\" =~ ^feat ]] && cargo test", "none"),
        ("cargo test", "none"),
        ("npm ci && npm test", "none"),
        ("eval \"$CI_COMMIT_MESSAGE\"", "high"),
        ("sh -c \"echo $CI_COMMIT_TITLE\"", "high"),
        ("bash <<E\necho $CI_MERGE_REQUEST_TITLE\nE", "high"),
        ("X=$CI_MERGE_REQUEST_DESCRIPTION; eval \"$X\"", "high"),
        ("echo \"$CI_MERGE_REQUEST_SOURCE_BRANCH_NAME\" | bash", "high"),
        ("ssh host \"deploy $CI_COMMIT_REF_NAME\"", "high"),
        ("./deploy.sh \"$CI_COMMIT_MESSAGE\"", "open"),
        ("python -c \"print('$CI_COMMIT_AUTHOR')\"", "high"),
        ("curl -s $CI_API_V4_URL/projects/1/issues/1 | jq -r .title | sh", "high"),
    ] {
        let lines: String = script.lines().flat_map(|line| ["      ", line, "\n"]).collect();
        for variables in ["", "variables: {A: b}\n"] {
            let text = format!("{variables}x:\n  script:\n    - |\n{lines}");
            let pipeline = gitlab::pipeline(&text, &|_| Err("no".to_owned())).unwrap();
            let found = dangers::find([(".gitlab-ci.yml", &pipeline)].into(), None);
            let found = if found.dangers.values().flatten().any(|danger| danger.severity == "high") {
                "high"
            } else if found.gaps.is_empty() {
                "none"
            } else {
                "open"
            };
            if found != expected {
                wrong.push(format!("{script}: {found}, and not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
