//! Scripts that evaluate a stranger's text by another way than `eval` of its variable.

use super::{job, outcome, put};

/// Steps under `pull_request_target` with the title as T in the environment; whether nothing may be said against them.
const SCRIPTS: &[(&str, bool)] = &[
    ("echo \"$T\"", true),
    ("gh pr comment 5 --body \"$T\"", true),
    ("cat <<E\n$T\nE", true),
    ("[ \"$T\" = x ]", true),
    ("echo \"$T\" > body.md; gh release create --notes-file body.md", true),
    ("bash <<E\necho $T\nE", false),
    ("python3 - <<E\nprint('$T')\nE", false),
    ("timeout 5 bash -c \"$T\"", false),
    ("find . -exec sh -c \"$T\" {} +", false),
    ("docker run --rm x sh -c \"$T\"", false),
    ("sudo nohup nice -n 5 bash -c \"$T\"", false),
    ("flock x -c \"$T\"", false),
    ("for x in $T; do eval \"$x\"; done", false),
    ("f() { bash -c \"$1\"; }; f \"$T\"", false),
    ("declare -n r=T; echo \"$r\"", false),
    ("echo ${!T}", false),
    ("bash -c \"$(printenv T)\"", false),
    ("[[ \"$T\" -eq 1 ]]", false),
    ("echo $((T + 1))", false),
    ("awk \"{print $T}\"", false),
    ("sed \"s/x/$T/\" y", false),
    ("echo \"$T\" > x.sh; bash x.sh", false),
    ("make", false),
    ("npm run x", false),
    ("gh issue view 5 --json body --jq .body | bash", false),
    ("bash -c \"$(gh api repos/x/y/issues/5 --jq .title)\"", false),
];

#[test]
fn what_is_not_proven_to_leave_a_text_alone_is_not_called_harmless() {
    let mut wrong = Vec::new();
    for (script, harmless) in SCRIPTS {
        let lines: String = script.lines().flat_map(|line| ["          ", line, "\n"]).collect();
        let steps = format!("      - env: {{T: 'TITLE'}}\n        run: |\n{lines}");
        let text = put(&job("pull_request_target", "", &steps));
        let found = outcome(&[(".github/workflows/a.yml", &text)]);
        if (found == "none") != *harmless {
            wrong.push(format!("{script}: {found}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
