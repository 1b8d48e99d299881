//! What a step that only prints gives to later ones.

use crate::shell::words;

/// Lines of such a script.
const MOST_LINES: usize = 50;

/// Names and values, where each line of a script is `echo "name=value" >> "$GITHUB_OUTPUT"`; nothing of any other script.
pub(super) fn printed(script: &str) -> Vec<(String, String)> {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let found: Option<Vec<(String, String)>> = lines.take(MOST_LINES + 1).map(of_line).collect();
    found.filter(|found| found.len() <= MOST_LINES).unwrap_or_default()
}

fn of_line(line: &str) -> Option<(String, String)> {
    let (text, file) = line.strip_prefix("echo ")?.split_once(">>")?;
    let bare = |text: &str| text.trim().trim_matches('"').to_owned();
    if !matches!(bare(file).as_str(), "$GITHUB_OUTPUT" | "${GITHUB_OUTPUT}") {
        return None;
    }
    let text = bare(text);
    let (name, value) = text.split_once('=')?;
    let plain = words::in_workspace(value).unwrap_or(value);
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    (is_name && words::is_one_word(plain)).then(|| (name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_plainly_is_known() {
        for (script, expected) in [
            ("echo \"a=b\" >> \"$GITHUB_OUTPUT\"", "a=b"),
            ("# words\necho a-b=c/d >> $GITHUB_OUTPUT\n\necho x=1 >> ${GITHUB_OUTPUT}\n", "a-b=c/d x=1"),
            ("echo \"dir=$GITHUB_WORKSPACE/build\" >> \"$GITHUB_OUTPUT\"", "dir=$GITHUB_WORKSPACE/build"),
            ("echo a=b", ""),
            ("echo a=b >> $GITHUB_ENV", ""),
            ("echo a=$X >> $GITHUB_OUTPUT", ""),
            ("echo a=$(x) >> $GITHUB_OUTPUT", ""),
            ("echo a='b c' >> $GITHUB_OUTPUT", ""),
            ("echo a=b >> $GITHUB_OUTPUT; x", ""),
            ("if x; then\necho a=b >> $GITHUB_OUTPUT\nfi", ""),
            ("echo a=b >> $GITHUB_OUTPUT\nx >> $GITHUB_OUTPUT", ""),
            ("echo 'a<<E' >> $GITHUB_OUTPUT", ""),
            ("echo a=\u{1} >> $GITHUB_OUTPUT", ""),
        ] {
            let found: Vec<String> = printed(script).iter().map(|(name, value)| format!("{name}={value}")).collect();
            assert_eq!(found.join(" "), expected, "{script}");
        }
    }
}
