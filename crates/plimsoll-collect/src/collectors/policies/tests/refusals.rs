//! Pages that turn reporters away, in whichever words; and those that only look like it.

use super::{super::*, read};

use Statement::Stated;

/// Pages that no one may take as a way to report.
const AWAY: &[&str] = &[
    "Please send vulnerability reports anywhere but @.",
    "Please send vulnerability reports to our lawyer, not @.",
    "Please report vulnerabilities on paper instead of writing to @.",
    "No vulnerabilities will be handled at @.",
    "You should not be reporting vulnerabilities to @.",
    "It is illegal to report vulnerabilities to @.",
    "There is no need to report vulnerabilities to @.",
    "You have no right to report vulnerabilities to @.",
    "Report vulnerabilities to @ at your own peril.",
    "Report vulnerabilities to @ (joke).",
    "Keep vulnerabilities secret from @.",
    "@ is where vulnerability reports die.",
    "Vulnerabilities reported to @ become features.",
    "Report vulnerabilities to @. The dog eats them.",
    "Report vulnerabilities to @. The mailbox overflowed long ago.",
    "Report vulnerabilities to @. Ha ha.",
    "Report vulnerabilities to @. Service ended in 2020.",
    "Report vulnerabilities to @. We have no interest in them.",
    "Report vulnerabilities to @. Closed since 2020.",
    "Spare us your vulnerability reports: @",
    "Vulnerabilities to @? Never!",
    "Please stop reporting vulnerabilities to @.",
    "Avoid reporting vulnerabilities to @.",
    "Anyone who reports a vulnerability to @ will be sued.",
    "Whoever reports to @ gets a letter from our lawyers.",
    "If you report a vulnerability to @, you will be sued.",
    "Reports of vulnerabilities to @ are refused.",
    "We decided against handling vulnerability reports (@).",
    "Reporting vulnerabilities privately to @ is forbidden.",
    "Reporting vulnerabilities to @ is discouraged.",
    "Report vulnerabilities to @? Please do not.",
    "Report vulnerabilities to @? Nope.",
    "Should you report vulnerabilities to @?",
    "Report vulnerabilities to @. Please do not.",
    "Report vulnerabilities to @. Or rather not.",
    "Report vulnerabilities to @. Just kidding.",
    "Please refrain from sending vulnerability reports to @.",
    "Please refrain from using @ for vulnerability reports.",
    "Vulnerability reports to @ go straight to the bin.",
    "Report vulnerabilities to @. They go straight to the bin.",
    "Report vulnerabilities to @. We shred them.",
    "Report vulnerabilities to @. It amuses us.",
    "Report vulnerabilities to @. You waste our time.",
    "Report vulnerabilities to @. We laugh at you.",
    "Report vulnerabilities to @. Reports in this project are ignored.",
    "Report vulnerabilities to @. We do not read mails until further notice.",
    "Report vulnerabilities to @. Reports are deleted without being read.",
    "If you find a vulnerability, fork it. Old contact: @",
    "Security. Former contact: @",
    "TODO: write this. Report vulnerabilities to @.",
    "Report vulnerabilities to @.\0",
    "Report vulnerabilities to @.\u{1b}[8m",
    "<<<<<<< HEAD\nReport vulnerabilities to @.\n=======\nWe take no reports\n>>>>>>> x\n",
    "# Security\n\nExample of a policy:\n\n    Report vulnerabilities to @.\n",
    "# Security\n\nHello.\n\n    Report vulnerabilities to @ in private.\n",
    "# Security\n\nA sample policy:\n\nReport vulnerabilities to @.\n",
    "# Security\n\nOther projects wrote this:\n\nReport vulnerabilities to @.\n",
    "# Security\n\n## Example\n\nReport vulnerabilities to @.\n",
    "# Security\n\n## Old policy\n\nReport vulnerabilities to @.\n",
    "# Security\n\n## How not to do it\n\nReport vulnerabilities to @.\n",
    "@ report vulnerability privately within 7 days",
    "# Security\n\n@ vulnerability report private answer days\n",
    "vulnerability report @ privately answer 7 days supported versions",
    "# Security\n\nThe vulnerability was told to @ by a friend.\n",
    "# Security\n\nReporting to @ costs 500 dollars.\n",
    "# Security\n\nMany people report vulnerabilities, and @ is where I was born.\n",
];

/// Pages that ask for reports.
const ASKED: &[&str] = &[
    "Where to report: please send an e-mail to @ to report a vulnerability. You will receive an acknowledgment of your report within 24 hours. Our team will look into it.",
    "Contact <@> to report vulnerabilities.",
    "Please e-mail [Ada Lovelace](mailto:@) privately with the full details of the vulnerability.",
    "To report an issue please contact me at [@](mailto:@?subject=Security) and put the tag security into the subject line. I will look into it and answer after that. If I need more I will let you know.",
    "To report a vulnerability you should contact me directly by e-mailing me at @. **Do not** open a public issue on the repository, since this could help bad actors. You can expect a first answer in two days.",
    "If you have found a security bug or flaw please reach out to us at @, as we would love to work with you on it.",
    "Please report (suspected) security vulnerabilities to **@**. You will hear from me within 48 hours. If the issue is confirmed, I will release a patch as soon as possible.",
    "If you discover a security issue in this project, please report it by sending an e-mail to @. Please do not report security issues in public!",
    "Please report vulnerabilities by opening an issue or by e-mailing @\n\nInclude in your report all that is known of it.",
    "If you have a security problem to report, please e-mail us at both @ and ada@acme.dev. In case you want to encrypt your report, use: https://acme.dev/key.asc",
    "Please send us your report privately via either:\n- Bug bounty program: https://hackerone.com/acme\n- E-mail: @",
    "If you do not get an answer within a week, please write to @ again about the vulnerability.",
    "We strongly suggest that you encrypt your e-mail. Security bugs must not be reported through public issues; use @.",
    "If you think you have found a vulnerability, e-mail the security team (@). We'll get back to you soon.\n\nThanks for helping to keep Acme safe!",
    "**Do not open a public issue.** Report vulnerabilities to @.\n\n## What to send\n\n- The version\n- The steps\n- The harm that it does\n",
    "Please avoid reporting vulnerabilities in public issues; write to @.",
    "Please refrain from opening a public issue. Instead, kindly reach out by e-mail. You can contact us at @.",
    "Report to @. You will not be sued for research in good faith.",
    "Report to @. We will not take legal action against you if you follow these rules.",
    "Report to @. Reports of outdated versions are rejected.",
    "Report to @. We will say whether the report is accepted or declined.",
    "For example, a crash is a bug: report it to @.",
    "# Security Policy\n\n## Supported Versions\n\nThese versions get security updates.\n\n| Version | Supported |\n| --- | --- |\n| 2.x | :white_check_mark: |\n| < 2 | :x: |\n\n## Reporting a Vulnerability\n\nTo report a vulnerability, contact [the maintainers](mailto:@).\n",
    "# Security\n\n## Reporting\n\n- E-mail: @\n- PGP: https://acme.dev/key.asc\n",
    "# Security\n\n## Reporting a Vulnerability\n\n| Who | Contact |\n| --- | --- |\n| Security team | @ |\n",
    "# Security\n\nTo report a vulnerability, please use one of these:\n\n- **By e-mail:** Send your report to @.\n- **In person:** Ada Lovelace\n",
    "# Security contact\n\nAda Lovelace <@>\n",
    "# Reporting a vulnerability\n\n@\n",
    "# Reporting\n\nReports go to this address:\n\n    @\n\nWe answer within 5 days.\n",
    "1. Look at the code.\n\n    Then report vulnerabilities to @.\n",
    "Security issues should be reported privately, via e-mail, <@>. You should receive a response within 48 hours. If for some reason you do not, please follow up to make sure that we got your message.",
    "We ask that vulnerabilities are reported to @. This includes, but is not limited to, refraining from:\n\n* attacks on our servers\n* telling the public first\n",
    "If you think you have a security bug, drop me a line at @ - I'll look at it as soon as I can.",
    "All security bugs in our code should be reported by e-mail to @. Your e-mail will be acknowledged within two days, and you'll receive a more detailed response within five.",
    "Security vulnerabilities can be disclosed to @ using this key. We credit reporters, except where they ask us not to.",
    "We encourage everybody to report vulnerabilities to us by sending an e-mail to @. We have no bug bounty.",
    "Vulnerabilities: @ (key 0x1234 5678). Please write in English or German.",
    "You may report a security issue by writing to @. Include the version, steps to reproduce it and its impact.",
    "Please send a message to @ rather than opening an issue. Thank you!",
    "Do **not** report vulnerabilities in the public tracker. Instead, e-mail @ with a description; we keep you informed about the fix.",
    "Found something? E-mail @. No reward, but our thanks.",
    "Acme accepts vulnerability reports at @. Reports by scanners alone are closed.",
    "# Security\n\nIf you have any questions about this policy, or a vulnerability to report, please contact @.\n\n## Disclosure\n\nWe publish an advisory once a fix is out.\n",
    "# Security\n\nThe team takes vulnerabilities seriously. Responsible disclosure is appreciated.\n\n## Contact\n\nWrite to @ and wait for an answer before you publish.\n\n## Known vulnerabilities\n\nNone.\n",
    "We participate in coordinated disclosure. Mail @ to start it, or call CERT/CC.",
    "The preferred way to report a vulnerability is an e-mail to @.",
    "A security report is best sent to @; it is read by two people.",
];

#[test]
fn a_page_that_turns_reporters_away_is_not_understood() {
    let wrong: Vec<String> = AWAY
        .iter()
        .map(|text| text.replace('@', "sec@acme.dev"))
        .chain(AWAY.iter().map(|text| text.replace('@', "security@acme.dev")))
        .filter_map(|text| {
            let fact = read(security::read, &text);
            let stated = fact.statement == Some(Stated) || fact.problems.is_empty();
            stated.then(|| format!("{text}\n    {:?} {:?}", fact.contacts, fact.problems))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_page_that_asks_for_reports_is_understood() {
    let wrong: Vec<String> = ASKED
        .iter()
        .map(|text| text.replace('@', "sec@acme.dev"))
        .filter_map(|text| {
            let fact = read(security::read, &text);
            let stated = fact.statement == Some(Stated) && fact.problems.is_empty();
            (!stated).then(|| format!("{text}\n    {:?} {:?} {:?}", fact.statement, fact.contacts, fact.problems))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
