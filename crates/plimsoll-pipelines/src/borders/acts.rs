//! What is done for whoever asks, and what shells of Windows and workflows of others do with texts.

use super::*;

#[test]
fn what_is_merged_or_given_out_for_anybody_is_no_good() {
    const MERGE: &str = "- run: gh pr merge --auto -m \"$U\"\n  env: {U: '${{ github.event.pull_request.html_url }}'}";
    const GIT: &str = "- run: gh pr merge 5";
    for (on, above, steps, expected) in [
        // Nobody is asked for.
        ("pull_request_target", "", MERGE, "high"),
        ("pull_request_target", "", "- run: gh pr review --approve \"$U\"", "high"),
        ("pull_request_target", "", "- run: gh pr review 5 -a", "high"),
        ("pull_request_target", "", "- uses: pascalgn/automerge-action@v0", "high"),
        ("pull_request_target", "", "- uses: hmarr/auto-approve-action@v4", "high"),
        ("pull_request_target", "", "- uses: some/auto-merge@v1", "open"),
        (
            "pull_request_target",
            "",
            "- uses: actions/github-script@v7\n  with: {script: 'await github.rest.pulls.merge({pull_number: 5})'}",
            "open",
        ),
        ("pull_request_target", "", "- run: if [ \"$GITHUB_ACTOR\" = x ]; then gh pr merge 5; fi", "open"),
        ("{workflow_run: {workflows: [x]}}", "", GIT, "open"),
        ("issue_comment", "", GIT, "high"),
        ("pull_request", "", GIT, "none"),
        ("push", "", GIT, "none"),
        // What is asked for, everybody can be.
        ("pull_request_target", "if: startsWith(github.head_ref, 'dependabot/')", MERGE, "high"),
        ("pull_request_target", "if: contains(github.actor, 'bot')", MERGE, "high"),
        ("pull_request_target", "if: contains(github.event.pull_request.user.login, 'bot')", MERGE, "high"),
        ("pull_request_target", "if: contains(github.event.pull_request.title, 'bump')", MERGE, "high"),
        ("pull_request_target", "if: github.event.pull_request.draft == false", MERGE, "high"),
        ("pull_request_target", "if: endsWith(github.event.pull_request.user.login, '[bot]')", MERGE, "high"),
        ("pull_request_target", "if: github.actor != 'octocat'", MERGE, "high"),
        ("pull_request_target", "if: github.event.pull_request.author_association != 'NONE'", MERGE, "high"),
        ("pull_request_target", "if: github.event.pull_request.author_association == 'CONTRIBUTOR'", MERGE, "high"),
        ("issue_comment", "if: github.event.comment.body == '/merge'", GIT, "high"),
        (
            "issue_comment",
            "if: github.event.issue.pull_request && contains(github.event.comment.body, 'lgtm')",
            GIT,
            "high",
        ),
        (
            "issue_comment",
            "if: startsWith(github.event.comment.body, '/merge') || github.event.comment.author_association == 'OWNER'",
            GIT,
            "high",
        ),
        // It is not known who may do it.
        ("pull_request_target", "if: contains(github.event.pull_request.labels.*.name, 'ok')", MERGE, "open"),
        ("pull_request_target", "if: vars.MERGE", MERGE, "open"),
        ("pull_request_target", "environment: merging", MERGE, "open"),
        (
            "issue_comment",
            "if: github.event.comment.body == '/merge'",
            "- run: gh api repos/x/y/collaborators/$GITHUB_ACTOR/permission | grep admin\n- run: gh pr merge 5",
            "open",
        ),
        // Somebody who is trusted.
        ("pull_request_target", "if: github.event.pull_request.user.login == 'dependabot[bot]'", MERGE, "none"),
        ("pull_request_target", "if: github.event.pull_request.author_association == 'OWNER'", MERGE, "none"),
        (
            "pull_request_target",
            "if: contains(fromJSON('[\"OWNER\", \"MEMBER\"]'), github.event.pull_request.author_association)",
            MERGE,
            "none",
        ),
        (
            "pull_request_target",
            "if: contains(fromJSON('[\"me\", \"you\"]'), github.event.pull_request.user.login)",
            MERGE,
            "none",
        ),
        (
            "pull_request_target",
            "if: github.event.pull_request.head.repo.full_name == github.repository",
            "- uses: hmarr/auto-approve-action@v4",
            "none",
        ),
        ("pull_request_target", "", "- uses: dependabot/fetch-metadata@v2\n- run: gh pr merge 5", "none"),
        (
            "pull_request_target",
            "",
            "- uses: dependabot/fetch-metadata@v2\n  with: {skip-verification: true}\n- run: gh pr merge 5",
            "high",
        ),
        ("pull_request_target", "", "- uses: dependabot/fetch-metadata@v2\n  if: vars.X\n- run: gh pr merge 5", "high"),
        ("pull_request_target", "", "- uses: eps1lon/actions-label-merge-conflict@v3", "none"),
        ("pull_request_target", "", "- run: gh pr review 5 --comment -b thanks", "none"),
        ("pull_request_target", "", "- run: gh pr edit 5 --add-label x", "none"),
        (
            "issue_comment",
            "if: github.event.comment.body == '/merge' && github.event.comment.author_association == 'MEMBER'",
            GIT,
            "none",
        ),
        ("issue_comment", "if: github.event.comment.body == '/merge' && github.actor == 'me'", GIT, "none"),
        // What is given out.
        ("issue_comment", "if: startsWith(github.event.comment.body, '/deploy')", "- run: npm publish", "open"),
        ("issue_comment", "if: startsWith(github.event.comment.body, '/deploy')", "- run: ./deploy.sh", "open"),
        ("issue_comment", "if: github.event.comment.body == '/release'", "- run: gh release create v1", "open"),
        (
            "issue_comment",
            "if: github.event.comment.body == '/release'",
            "- uses: pypa/gh-action-pypi-publish@v1",
            "open",
        ),
        ("issue_comment", "if: github.event.comment.body == '/release'", "- run: echo no publish", "none"),
        (
            "issue_comment",
            "if: github.event.comment.body == 'recheck'",
            "- uses: contributor-assistant/github-action@v2",
            "none",
        ),
        (
            "issue_comment",
            "if: github.event.comment.body == '/deploy' && github.event.comment.author_association == 'OWNER'",
            "- run: npm publish",
            "none",
        ),
        ("push", "", "- run: npm publish", "none"),
        // The change itself.
        ("issue_comment", "if: github.event.comment.body == '/test'", "- run: gh pr checkout 5 && make", "high"),
        (
            "issue_comment",
            "if: github.event.comment.body == '/test'",
            "- uses: actions/checkout@v4\n  with: {ref: 'refs/pull/${{ github.event.issue.number }}/head'}\n- run: make",
            "high",
        ),
    ] {
        let above = if above.is_empty() { String::new() } else { format!("    {above}\n") };
        let steps: String = put(steps).lines().flat_map(|line| ["      ", line, "\n"]).collect();
        let text = job(on, &above, &steps);
        assert_eq!(outcome(&[(".github/workflows/a.yml", &text)]), expected, "{text}");
    }
}

#[test]
fn who_may_merge_is_asked_across_jobs_and_files() {
    let jobs = |condition: &str| {
        format!(
            "on: issue_comment\npermissions: {{}}\njobs:\n  who:\n    if: {condition}\n    runs-on: ubuntu-latest\n    steps: [{{run: 'true'}}]\n  merge:\n    needs: who\n    runs-on: ubuntu-latest\n    steps: [{{run: gh pr merge 5}}]\n"
        )
    };
    let called = "on: workflow_call\njobs:\n  b:\n    runs-on: ubuntu-latest\n    steps: [{run: gh pr merge 5}]\n";
    let calls = |condition: &str| {
        format!(
            "on: issue_comment\npermissions: {{}}\njobs:\n  a:\n    if: {condition}\n    uses: ./.github/workflows/b.yml\n"
        )
    };
    for (condition, expected) in
        [("github.event.comment.author_association == 'OWNER'", "none"), ("github.event.comment.body == '/x'", "open")]
    {
        assert_eq!(outcome(&[(".github/workflows/a.yml", &jobs(condition))]), expected, "{condition}");
        let files = [(".github/workflows/a.yml", &*calls(condition)), (".github/workflows/b.yml", called)];
        assert_eq!(outcome(&files), expected, "{condition}");
    }
}

#[test]
fn a_number_of_a_change_makes_the_address_of_its_source() {
    for (steps, expected) in [
        ("- run: curl -L https://github.com/o/r/pull/$N.patch | git am && make\n  env: {N: NUMBER}", "high"),
        ("- run: curl -L https://github.com/o/r/pull/NUMBER.diff | git apply", "high"),
        ("- run: curl -L https://github.com/o/r/pull/NUMBER.diff > x.diff; git apply x.diff", "high"),
        ("- run: wget -O - https://github.com/o/r/pull/NUMBER.diff | patch -p1", "high"),
        ("- run: curl -L $U | git apply\n  env: {U: 'https://github.com/o/r/pull/NUMBER.patch'}", "high"),
        ("- run: curl -L https://codeload.github.com/o/r/tar.gz/refs/pull/NUMBER/head | tar xz", "high"),
        ("- run: U=https://github.com/o/r/pull/NUMBER.patch; curl -L $U | git apply", "high"),
        ("- run: curl -L https://github.com/o/r/pull/NUMBER.diff | grep x", "none"),
        ("- run: curl -L https://github.com/o/r/releases/x.tar.gz | tar xz; gh pr comment NUMBER", "none"),
    ] {
        let steps = steps
            .replace("NUMBER", "${{ github.event.number }}")
            .replace("{N: ${{ github.event.number }}}", "{N: '${{ github.event.number }}'}");
        let steps: String = steps.lines().flat_map(|line| ["      ", line, "\n"]).collect();
        let text = job("pull_request_target", "", &steps);
        assert_eq!(outcome(&[(".github/workflows/a.yml", &text)]), expected, "{text}");
    }
}

#[test]
fn shells_of_windows_run_what_variables_hold() {
    let mut others = Vec::new();
    for (shell, script, expected) in [
        ("cmd", "echo %TITLE%", "high"),
        ("cmd", "echo %title%", "high"),
        ("cmd", "echo \"%TITLE:~0,9%\"", "high"),
        ("CMD", "if \"%TITLE%\"==\"x\" echo y", "high"),
        ("cmd /c \"{0}\"", "echo %TITLE%", "high"),
        ("cmd", "echo 100%% of %TITLE%", "high"),
        ("cmd", "echo %GITHUB_HEAD_REF%", "high"),
        ("cmd", "setlocal EnableDelayedExpansion\necho !TITLE!", "open"),
        ("cmd", "echo %GITHUB_SHA%", "none"),
        ("cmd", "echo %OTHER%", "none"),
        ("bash", "echo \"%TITLE%\"", "none"),
        ("bash", "cmd /c \"echo %TITLE%\"", "high"),
        ("pwsh", "Write-Host $env:TITLE", "none"),
        ("pwsh", "$env:TITLE", "none"),
        ("pwsh", "( $env:TITLE )", "none"),
        ("pwsh", "$x = ( $env:TITLE )", "none"),
        ("pwsh", "Write-Host x && ( $env:TITLE )", "none"),
        ("pwsh", "if ($env:TITLE) { Write-Host x }", "none"),
        ("pwsh", "$x.Execute( $env:TITLE )", "high"),
        ("pwsh", "& ( $env:TITLE )", "high"),
        ("pwsh", "&$env:TITLE", "high"),
        ("pwsh", "$x = & ( $env:TITLE )", "high"),
        ("pwsh", ". ( $env:TITLE )", "high"),
        ("pwsh", ". $env:TITLE", "high"),
        ("bash", "$TITLE", "high"),
        ("bash", "( $TITLE )", "high"),
        ("pwsh", "iex $env:TITLE", "high"),
        ("pwsh", "Invoke-Expression \"$env:TITLE\"", "high"),
        ("pwsh", "$env:TITLE | iex", "high"),
        ("pwsh", "& $env:TITLE", "high"),
        ("pwsh", "Start-Process $env:TITLE", "open"),
        ("pwsh", "Start-Process -FilePath $env:TITLE", "open"),
        ("pwsh", "powershell -c \"$env:TITLE\"", "high"),
        ("powershell", "pwsh -Command $env:TITLE", "high"),
        ("pwsh", "& ([scriptblock]::Create($env:TITLE))", "high"),
        ("pwsh", "$x = [ScriptBlock]::Create($env:TITLE); & $x", "high"),
        ("pwsh", "$ExecutionContext.InvokeCommand.InvokeScript($env:TITLE)", "high"),
        ("pwsh", "$ExecutionContext.InvokeCommand.ExpandString($env:TITLE)", "high"),
        ("pwsh", "Invoke-Command -ScriptBlock ([scriptblock]::Create($env:TITLE))", "high"),
        ("pwsh", "Add-Type -TypeDefinition $env:TITLE", "open"),
        ("pwsh", "cmd /c \"echo $env:TITLE\"", "high"),
    ] {
        let steps = format!(
            "      - shell: {shell}\n        env: {{TITLE: '{TITLE}', OTHER: x}}\n        run: |\n          {}\n",
            script.replace('\n', "\n          ")
        );
        let text = job("pull_request_target", "", &steps).replace("ubuntu", "windows");
        let found = outcome(&[(".github/workflows/a.yml", &text)]);
        if found != expected {
            others.push((shell, script, found));
        }
    }
    assert!(others.is_empty(), "{others:#?}");
}

#[test]
fn a_workflow_of_others_may_run_what_it_is_given() {
    for (uses, with, expected) in [
        ("other/r/.github/workflows/x.yml@v1", "{script: 'echo TITLE'}", "open"),
        ("other/r/.github/workflows/x.yml@v1", "{cmd: 'TITLE'}", "open"),
        ("other/r/.github/workflows/x.yml@v1", "{pre-run: 'TITLE'}", "open"),
        ("other/r/.github/workflows/x.yml@v1", "{command: '${{ github.head_ref }}'}", "open"),
        ("other/r/.github/workflows/x.yml@v1", "{title: 'TITLE'}", "none"),
        ("other/r/.github/workflows/x.yml@v1", "{script: 'make test'}", "none"),
        ("other/r/.github/workflows/x.yml@v1", "{script: 'echo ${{ github.sha }}'}", "none"),
    ] {
        let text = put(&format!(
            "on: pull_request_target\npermissions: {{}}\njobs:\n  a:\n    uses: {uses}\n    with: {with}\n"
        ));
        assert_eq!(outcome(&[(".github/workflows/a.yml", &text)]), expected, "{text}");
    }
}

#[test]
fn artifacts_lie_there_for_actions_of_the_tree() {
    let get = "uses: actions/download-artifact@v4\n      with: {run-id: '${{ github.event.workflow_run.id }}'}";
    let action = |steps: &str| format!("name: a\nruns:\n  using: composite\n  steps:\n{steps}");
    let run = |text: &str| format!("    - run: {text}\n      shell: bash\n");
    let gets = format!("    - {get}\n");
    let here = get.replace("\n      ", "\n        ");
    for (on, first, last, inner, expected) in [
        ("{workflow_run: {workflows: [x]}}", here.as_str(), "uses: ./ci/a", run("./x"), "high"),
        ("{workflow_run: {workflows: [x]}}", "uses: ./ci/a", "run: ./x", gets.clone(), "high"),
        ("{workflow_run: {workflows: [x]}}", here.as_str(), "uses: ./ci/a", run("cat x"), "none"),
        ("{workflow_run: {workflows: [x]}}", "run: echo x", "uses: ./ci/a", run("./x"), "none"),
        ("push", here.as_str(), "uses: ./ci/a", run("./x"), "none"),
    ] {
        let text = job(on, "", &format!("      - {first}\n      - {last}\n"));
        let action = action(&inner);
        let files = [(".github/workflows/a.yml", text.as_str()), ("ci/a/action.yml", action.as_str())];
        assert_eq!(outcome(&files), expected, "{text}{action}");
        // One that was used before, where nothing lay there, is looked at again.
        let text = text.replace("steps:\n", "steps:\n      - uses: ./ci/a\n");
        let files = [(".github/workflows/a.yml", text.as_str()), ("ci/a/action.yml", action.as_str())];
        assert_eq!(outcome(&files), expected, "{text}{action}");
    }
}
