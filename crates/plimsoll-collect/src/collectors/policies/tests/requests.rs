//! What is asked for, of which person and when: pages whose words are those of a policy and that ask for nothing here and now, and the usual
//! policies next to them. `@` in a row is an address.

use super::{super::*, read};

use Statement::Stated;

/// Pages that no one may take as a way to report.
const NOT_HERE: &[&str] = &[
    // The report is a thing that one can get, and a vulnerability a matter of something else.
    "# Security\n\nFor our SOC 2 report, please contact @.",
    "A report of the audit can be requested at @.",
    "Ask @ for the report of our last audit.",
    "# Security\n\nPlease contact @ for a copy of the penetration test report.",
    "# Security\n\nContact @ to buy a report about vulnerabilities in your own network.",
    "Contact @ to subscribe to our reports about vulnerabilities.",
    "# Changelog of vulnerabilities\n\nSend patches to @.",
    "# Known vulnerabilities\n\nSend translations to @.",
    // Somebody else's matter.
    "If the vulnerability is in a dependency, report it to @.",
    "If the bug is upstream, please report it to @.",
    "For issues in OpenSSL, which we bundle, report to @.",
    "If you find a vulnerability in a plugin, contact its author, e.g. @.",
    "If it affects Windows only, report to @.",
    "Vulnerabilities in third-party code, such as zlib, should be reported to @.",
    "When the vulnerability is not in our code, please report it to @.",
    // @ program that is not run, or not by the maker.
    "The bug bounty at https://hackerone.com/acme has ended.",
    "We used to have a bug bounty at https://hackerone.com/acme.",
    "This project is not part of the bug bounty program at https://hackerone.com/acme.",
    "Our competitor has a bug bounty program at https://hackerone.com/acme.",
    "Read how others run a bug bounty: https://hackerone.com/nodejs.",
    "Compare the bug bounty of https://hackerone.com/nodejs.",
    "Until 2020 we ran a bug bounty at https://hackerone.com/acme.",
    "The bug bounty at https://hackerone.com/acme is for our hosted service alone.",
    // Another time.
    "Until 2020, please report vulnerabilities to @.",
    "From 2030 on, please report vulnerabilities to @.",
    "After version 1.0, please report vulnerabilities to @.",
    "Before 2024, please report vulnerabilities to @.",
    "Starting in March 2031, report vulnerabilities to @.",
    "As soon as we have hired somebody, please report vulnerabilities to @.",
    "Please report vulnerabilities to @ (valid until December 2023).",
    "Please report vulnerabilities to @ as soon as this address exists.",
    "When the mailbox is set up, please report vulnerabilities to @.",
    "Please report vulnerabilities to @, from next year on.",
    // Code, and what programs do.
    "`Please report vulnerabilities to @.`",
    "`mail -s vulnerability @`",
    "The tool prints `Report vulnerabilities to @`.",
    "Dependabot will send alerts about vulnerabilities to @.",
    "The scanner can email vulnerabilities to @.",
    "The server will report vulnerabilities to @.",
    "This tool can send reports of vulnerabilities to @.",
    // Samples.
    "For instance, a good policy says: Please report vulnerabilities to @.",
    "A policy could read: Please report vulnerabilities to @.",
    "Please report vulnerabilities to @ (change me).",
    "Please report vulnerabilities to @ (replace with yours).",
    "Please report vulnerabilities to security@project.org.",
    "Please report vulnerabilities to security@project-name.org.",
    "Please report vulnerabilities to @. (text copied from another project, to be replaced)",
    "<details><summary>Template</summary>\n\nPlease report vulnerabilities to @.\n\n</details>",
    "The following template could be used: report vulnerabilities to @ (replace me).",
    "Contact the vendor of the module, for example @, to report vulnerabilities.",
    "If the hole is in an upstream project, such as curl, please report it to @.",
    "Once we have a mailbox set up, please report vulnerabilities to @.",
    // Nobody looks.
    "Please report vulnerabilities to @, though you should not expect anyone to look.",
    "Please report vulnerabilities to @. You should not expect anyone to look.",
    "Reporting vulnerabilities to @ will get you nowhere.",
    "Please report vulnerabilities to @. It will get you nowhere.",
    "Please report vulnerabilities to @ and wait forever.",
    "Please report vulnerabilities to @. You will wait forever.",
    "This library has no contact. Please report vulnerabilities to @.",
    "Dear maintainer, I would like to report a vulnerability to @.",
    "Hello, I want to report a vulnerability to @.",
];

/// Pages that ask for reports.
const HERE: &[&str] = &[
    "If you discover any security related issues, please email @ instead of using the issue tracker.",
    "If you discover any security-related issues, please email @ instead of using the issue tracker.",
    "## Security\n\nIf you discover a security vulnerability within this package, please send an e-mail to Ada Lovelace via @. All security vulnerabilities will be promptly addressed.",
    "# Security\n\nReport security bugs by e-mail to @.\n\nTo help us, please ensure that the entirety of the report is contained within the email body and not solely behind a web link or an attachment.\n\nThe lead maintainer will acknowledge your email within 48 hours.",
    "Please report vulnerabilities to the Acme Security Team at @.",
    "Please report vulnerabilities to the Eclipse Foundation Security Team at security@eclipse-foundation.org.",
    "Please report vulnerabilities to the OpenJS Foundation at security@openjsf.org.",
    "Please report vulnerabilities to the Acme PSIRT at @.",
    "Please report vulnerabilities to the Acme Product Security Incident Response Team (@).",
    "# Acme\n\n## Security\n\nIf you find a vulnerability in Acme, please email @.",
    "# Security Policy\n\n## Supported Versions\n\nUse this section to tell people about which versions of your project are currently being supported with security updates.\n\n| Version | Supported |\n| --- | --- |\n| 2.3.x | :white_check_mark: |\n\n## Reporting a Vulnerability\n\nPlease report vulnerabilities to @.",
    "# Security Policy\n\nPlease email @.",
    "Security issues go to @.",
    "# Acme\n\n## Contact\n\nFor security issues, please email @.",
    "Please email @ about anything security related.",
    "Please report vulnerabilities to @. If the vulnerability is in a dependency, please report it to its maintainers too.",
    "If you find a vulnerability in this library or one of its plugins, report it to @.",
    "Our bug bounty program is at https://hackerone.com/acme.",
    "We run a bug bounty at https://hackerone.com/acme.",
    "Acme runs a bug bounty at https://hackerone.com/acme. Please submit your findings there.",
    "Please report vulnerabilities to `@`.",
    "Until we have a form, please report vulnerabilities to @.",
    "Please report vulnerabilities to @ before you publish them.",
    "Please report vulnerabilities to @ as soon as you find them.",
    "After you have found a vulnerability, report it to @.",
    "Send your report to @. Our last audit is public.",
    "If you find a vulnerability, whether in the server or the client, please report it to @.",
    "If you think that you found a security issue in the latest version, send us an email at @ with the details.",
    "Please send vulnerability reports to @. We will respond as soon as we can.",
    "For anything related to security, e-mail @.",
    "You can send a report of a vulnerability to @.",
];

/// Sentences of policies in force.
const OF_POLICIES: &[&str] = &[
    "Use at your own risk.",
    "This address is for security reports only; other mail is ignored.",
    "Your report should be as complete as possible.",
    "No vulnerabilities are known at present.",
    "You will not be sued for a report made in good faith.",
    "Anonymous reports are fine.",
    "We pay for good reports.",
    "In case the vulnerability is declined, we tell you why.",
];

fn fact(text: &str, address: &str) -> PolicyFact {
    let text = text
        .replace(" @", &format!(" {address}"))
        .replace("(@", &format!("({address}"))
        .replace("`@", &format!("`{address}"));
    read(security::read, &text)
}

#[test]
fn a_page_that_asks_for_nothing_here_and_now_is_not_stated() {
    let mut wrong = Vec::new();
    for text in NOT_HERE {
        for address in ["sec@acme.dev", "security@acme.dev", "ada@acme.dev"] {
            let fact = fact(text, address);
            if fact.statement == Some(Stated) || fact.problems.is_empty() {
                wrong.push(format!("{text}\n    {:?} {:?}", fact.contacts, fact.problems));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn usual_policies_are_stated() {
    let mut wrong = Vec::new();
    for text in HERE {
        for address in ["security@acme.dev", "ada@acme.dev"] {
            let fact = fact(text, address);
            if fact.statement != Some(Stated) || !fact.problems.is_empty() {
                wrong.push(format!("{text}\n    {:?} {:?} {:?}", fact.statement, fact.contacts, fact.problems));
            }
        }
    }
    for sentence in OF_POLICIES {
        for text in [
            format!("# Security\n\nPlease report vulnerabilities to @. We answer within 3 days.\n\n{sentence}\n"),
            format!("# Security\n\nPlease report vulnerabilities to @. {sentence} We answer within 3 days.\n"),
        ] {
            let fact = fact(&text, "security@acme.dev");
            if fact.statement != Some(Stated) || !fact.problems.is_empty() {
                wrong.push(format!("{text}\n    {:?} {:?} {:?}", fact.statement, fact.contacts, fact.problems));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_part_of_a_complete_policy_has_to_be_meant() {
    for (text, found) in [
        (
            "# Security\n\nReport vulnerabilities to sec@acme.dev. Your report will not be kept private.\n",
            (false, false, None),
        ),
        (
            "# Security\n\nReport vulnerabilities to sec@acme.dev. We will not keep your report confidential.\n",
            (false, false, None),
        ),
        (
            "# Security\n\nReport vulnerabilities to sec@acme.dev. Your report will be kept private.\n",
            (true, false, None),
        ),
        (
            "# Security\n\n## Supported Versions\n\nNone.\n\n## Reporting\n\nReport to sec@acme.dev.\n",
            (false, false, None),
        ),
        (
            "# Security\n\n## Supported Versions\n\nN/A\n\n## Reporting\n\nReport to sec@acme.dev.\n",
            (false, false, None),
        ),
        (
            "# Security\n\n## Supported Versions\n\nThe latest.\n\n## Reporting\n\nReport to sec@acme.dev.\n",
            (false, true, None),
        ),
        ("Report to sec@acme.dev. We answer within 999 days.\n", (false, false, None)),
        ("Report to sec@acme.dev. We answer within 90 days.\n", (false, false, Some(90))),
    ] {
        let fact = read(security::read, text);
        assert_eq!((fact.has_process, fact.has_scope, fact.response_days), found, "{text}");
    }
}

#[test]
fn the_product_is_called_what_its_readme_is_titled() {
    for (readme, title, stated) in [
        ("# Symfonia\n\nMusic.\n", Some("Symfonia"), true),
        ("\n# Symfonia Player\n", Some("Symfonia Player"), true),
        ("# Widget\n", Some("Widget"), false),
        ("# Bindings for Symfonia\n", None, false),
        ("Symfonia\n", None, false),
        ("", None, false),
    ] {
        assert_eq!(prose::title(readme), title, "{readme}");
        let text = "If you find a vulnerability in Symfonia, please email ada@acme.dev.";
        let mut fact = start("security-policy", "SECURITY.md", text);
        fact.titles.extend(title.map(str::to_owned));
        security::read(text, &mut fact, super::TODAY);
        assert_eq!(fact.statement == Some(Stated), stated, "{readme}");
    }
}
