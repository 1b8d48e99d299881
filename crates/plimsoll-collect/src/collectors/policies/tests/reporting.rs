//! Sixty and more policies of real shape: what each says of how to report, and nothing that it does not say.

use super::{super::*, read};

use Statement::{Elsewhere, NotUnderstood, Nothing, Refused, Sample, Stated, Template};

/// A page, what it says, its contacts, and beyond those: `p` private, `s` scope, `d` the days of an answer.
type Row = (&'static str, Statement, &'static str, &'static str);

fn check(rows: &[Row]) {
    let mut wrong = Vec::new();
    for (text, statement, contacts, more) in rows {
        let fact = read(security::read, text);
        let mut found = String::new();
        if fact.has_process {
            found.push('p');
        }
        if fact.has_scope {
            found.push('s');
        }
        if let Some(days) = fact.response_days {
            found.push_str(&format!("{days}d"));
        }
        let right = fact.statement == Some(*statement)
            && fact.contacts.join(" ") == *contacts
            && fact.problems.is_empty() == (*statement == Stated)
            && found == *more;
        if !right {
            wrong.push(format!("{text}\n    {:?} {:?} {found:?} {:?}", fact.statement, fact.contacts, fact.problems));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const FORM: &str = "the code host's form for private reports";

#[test]
fn policies_that_say_how_to_report() {
    check(&[
        (
            "# Security\n\nSend reports privately to security@acme.dev.\nWe acknowledge within 48 hours and fix within 90 days.\n\n## Supported versions\nThe latest.\n",
            Stated,
            "security@acme.dev",
            "ps2d",
        ),
        ("To report a vulnerability, write privately to security@acme.dev.", Stated, "security@acme.dev", "p"),
        (
            "Please report vulnerabilities privately to security [at] acme [dot] org.\nWe answer within 7 days.\n\nThe latest release is supported.\n",
            Stated,
            "security@acme.org",
            "ps7d",
        ),
        ("Report security holes to sec (at) acme (dot) dev, please.", Stated, "sec@acme.dev", ""),
        (
            "# Reporting\n\nE-mail security%40acme.dev, not the public tracker. You will hear back within three working days.",
            Stated,
            "security@acme.dev",
            "p3d",
        ),
        ("Mail security&#64;acme.dev with what you found.", Stated, "security@acme.dev", ""),
        ("Write to security at acme dot dev if you found a security problem.", Stated, "security@acme.dev", ""),
        (
            "If you find a vulnerability, please contact the maintainer @ada privately on\nthe forge. Do not open a public issue.\n\nYou get an answer within a week.\n",
            Stated,
            "@ada",
            "p7d",
        ),
        (
            "Found a security bug? Please message @ada:acme.dev on Matrix and do not post it in public.",
            Stated,
            "@ada:acme.dev",
            "p",
        ),
        (
            "Security problems are best discussed in private: join #security:acme.dev and ask for a maintainer, or send a mail.",
            Stated,
            "#security:acme.dev",
            "p",
        ),
        (
            "If you believe that you found a security problem, please tell us in private\nthrough https://acme.dev/contact and choose \"security\".\n\nWe answer within two days.\n",
            Stated,
            "https://acme.dev/contact",
            "p2d",
        ),
        (
            "Please report security issues via https://github.com/acme/widget/security/advisories/new.",
            Stated,
            "https://github.com/acme/widget/security/advisories/new",
            "p",
        ),
        (
            "Please [report it here][1]; never in an issue.\n\n[1]: https://github.com/acme/widget/security/advisories/new\n",
            Stated,
            "https://github.com/acme/widget/security/advisories/new",
            "p",
        ),
        ("# Security\nUse the button *Report a vulnerability* under Security.\nThanks.\n", Stated, FORM, "p"),
        (
            "We use GitHub's private vulnerability reporting: open the Security tab and fill in the form.",
            Stated,
            FORM,
            "p",
        ),
        ("To report a vulnerability, open a draft security advisory in this repository.", Stated, FORM, "p"),
        ("Vulnerabilities: please create a confidential issue in the tracker.", Stated, FORM, "p"),
        (
            "Report through our program at https://hackerone.com/acme. Public disclosure is coordinated with you.",
            Stated,
            "https://hackerone.com/acme",
            "p",
        ),
        (
            "To report a security vulnerability, please use the Tidelift security contact at https://tidelift.com/security. Tidelift will coordinate the fix and disclosure.",
            Stated,
            "https://tidelift.com/security",
            "",
        ),
        (
            "Call us about vulnerabilities by phone at +49 30 1234567, or on Signal at ada.42.",
            Stated,
            "+49 30 1234567 ada.42",
            "",
        ),
        ("## Security contact\n\n- security@acme.dev\n- key: 0xABCDEF\n", Stated, "security@acme.dev", ""),
        ("security@acme.dev", Stated, "security@acme.dev", ""),
        (
            "Reports go to the following address:\n\n    psirt@acme.dev\n\nReports are acknowledged within 2 business days.",
            Stated,
            "psirt@acme.dev",
            "2d",
        ),
        ("<p>Please send reports to <a href=\"mailto:sec@acme.dev\">our team</a>.</p>", Stated, "sec@acme.dev", ""),
        (
            "Do not write about vulnerabilities in the forum; instead send them to sec@acme.dev.",
            Stated,
            "sec@acme.dev",
            "p",
        ),
        ("Please don't file a public issue but email sec@acme.dev.", Stated, "sec@acme.dev", "p"),
        (
            "Don't hesitate to contact sec@acme.dev about anything that looks like a vulnerability.",
            Stated,
            "sec@acme.dev",
            "",
        ),
        ("> [!IMPORTANT]\n> Report vulnerabilities to sec@acme.dev and not in public.\n", Stated, "sec@acme.dev", "p"),
        (
            "# Policy\n\nVersions 2.x get security updates; 1.x does not.\n\nMail sec@acme.dev to report a hole. We aim to respond within 5 days.\nIf we do not respond within 30 days, you may publish.\n",
            Stated,
            "sec@acme.dev",
            "s5d",
        ),
        (
            "We do not accept reports about typos. Everything else: report it to sec@acme.dev, encrypted with our key.",
            Stated,
            "sec@acme.dev",
            "p",
        ),
        (
            "## Supported Versions\n\n| Version | Supported |\n| --- | --- |\n| 3.x | yes |\n| < 3 | no |\n\n## Reporting\n\nEmail sec@acme.dev.\n",
            Stated,
            "sec@acme.dev",
            "s",
        ),
        (
            "Please report bugs with security impact to our list, widget-security@lists.acme.dev, which is private. Expect an answer within 3-5 days.",
            Stated,
            "widget-security@lists.acme.dev",
            "p5d",
        ),
        ("# Security\n\nA hole? Mail ada@acme.dev.", Stated, "ada@acme.dev", ""),
        (
            "# In-scope\n\n- Security issues in any release.\n\n# Exclusions\n\n- Bugs that are already reported on our issue tracker (https://github.com/acme/widget/issues)\n\n# How to contact us\n\n- You can report a security issue to sec@acme.dev\n",
            Stated,
            "sec@acme.dev",
            "s",
        ),
        ("Report vulnerabilities to support@acme.dev.", Stated, "support@acme.dev", ""),
        ("# Widget\n\nReport vulnerabilities in Widget to ada@acme.dev.", Stated, "ada@acme.dev", ""),
        ("Report vulnerabilities in our code to ada@acme.dev.", Stated, "ada@acme.dev", ""),
        (
            "Our program is https://hackerone.com/acme. Please submit every report there.",
            Stated,
            "https://hackerone.com/acme",
            "p",
        ),
        ("Our bug bounty is at https://hackerone.com/acme.", Stated, "https://hackerone.com/acme", "p"),
        (
            "See https://www.intigriti.com/programs/acme for our terms. Submit your findings there.",
            Stated,
            "https://www.intigriti.com/programs/acme",
            "",
        ),
        (
            "We run a program, https://bugcrowd.com/acme. Vulnerabilities: use its form.",
            Stated,
            "https://bugcrowd.com/acme",
            "",
        ),
        ("Please use GitHub's private vulnerability reporting.", Stated, FORM, "p"),
        ("Please use the private vulnerability disclosure feature of GitHub.", Stated, FORM, "p"),
        (
            "Report to sec@acme.dev. You do not need to encrypt your message, and no report is too small.",
            Stated,
            "sec@acme.dev",
            "p",
        ),
        (
            "Report to sec@acme.dev. Not every report is a vulnerability, and we will say so in public.",
            Stated,
            "sec@acme.dev",
            "p",
        ),
        ("Report to sec@acme.dev. Please do not send reports to our other addresses.", Stated, "sec@acme.dev", ""),
        ("Report vulnerabilities privately through GitHub.", Stated, FORM, "p"),
        ("Please report security problems via the repository's Security tab.", Stated, FORM, "p"),
        ("# Security\n\nUse GitHub's security advisory feature to tell us in private.", Stated, FORM, "p"),
        ("Privately report vulnerabilities on GitHub; do not open issues.", Stated, FORM, "p"),
        (
            "Our program is at https://huntr.com/repos/acme/x. Please submit reports there.",
            Stated,
            "https://huntr.com/repos/acme/x",
            "",
        ),
        (
            "We run https://app.intigriti.com/programs/acme. Report vulnerabilities there.",
            Stated,
            "https://app.intigriti.com/programs/acme",
            "",
        ),
        ("Report to sec@acme.dev. We do not answer reports about old versions.", Stated, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. PGP key: TBD.", Stated, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. We do not offer a bug bounty.", Stated, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. Please do not expect a reward.", Stated, "sec@acme.dev", ""),
        (
            "Report to sec@acme.dev. Issues that are not exploitable are not considered vulnerabilities.",
            Stated,
            "sec@acme.dev",
            "",
        ),
        ("Report to sec@acme.dev. We will publish an advisory as soon as it is fixed.", Stated, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. Version 1.x is deprecated and gets no fixes.", Stated, "sec@acme.dev", "s"),
        (
            "Report vulnerabilities to the Acme security team at sec@acme.dev.\n\n# Acme\n\nHello.",
            Stated,
            "sec@acme.dev",
            "",
        ),
        ("Report to <span style='color:red'>sec@acme.dev</span>.", Stated, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. Reports in public trackers are ignored.", Stated, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. You should not open a public issue.", Stated, "sec@acme.dev", "p"),
        (
            "Security Policy\n===============\n\nReporting\n---------\n\nPlease send an email to sec@acme.dev. The team will confirm receipt in one week.\n",
            Stated,
            "sec@acme.dev",
            "7d",
        ),
    ]);
}

#[test]
fn policies_that_do_not() {
    check(&[
        ("", Nothing, "", ""),
        ("# Security\n", Nothing, "", ""),
        ("# Security\n\nWe care about security.\n\nVery much.\n", Nothing, "", ""),
        ("a@b\n\nno host\n", Nothing, "", ""),
        (
            "# Security\nFixed holes:\n- left-lib@1.3.0 fixes a denial of service.\n- right-lib@2.0.1 fixes a leak.\n",
            Nothing,
            "",
            "",
        ),
        (
            "# Security\n\nThere is no way to report a vulnerability in this project.\n\nWe do not answer.\n",
            Refused,
            "",
            "",
        ),
        (
            "# Security\nWe take no reports.\nUse left-pad@1.3.0 instead.\nPrivate, out of scope, no answer within 5 days.\n",
            Refused,
            "",
            "s",
        ),
        ("We take no reports.\nuses: actions/checkout@v4.1.1\nnot private, out of scope\n", Refused, "", "s"),
        (
            "# Security\nThis project is not maintained and takes no security reports.\nDo not write to old-team@acme.dev about private matters; nobody reads it.\nOut of scope: everything.\n",
            Refused,
            "",
            "s",
        ),
        ("We currently do not accept vulnerability reports.", Refused, "", ""),
        ("This project has no security policy.", Refused, "", ""),
        ("We don't process security reports at this time.", Refused, "", ""),
        ("We take no reports. Mail sec@acme.dev.", NotUnderstood, "sec@acme.dev", ""),
        ("![logo](logo@2x.png)\nWe do nothing.\nprivate, in scope\n", Nothing, "", "s"),
        ("a\nyour-email@your-domain.com [INSERT]\nprivate, in scope\n", Template, "", ""),
        ("a\nno-reply@acme.dev\nprivate, in scope\n", Nothing, "", "s"),
        ("Write privately to git@github.com.\nWe answer within 5 days.\n", Nothing, "", "p5d"),
        ("Report to noreply@acme.dev.", Nothing, "", ""),
        ("a\nsec@example.org\nprivate, in scope\n", Nothing, "", "s"),
        (
            "Nothing.\n\nYet.\n\n<p hidden>Report to sec@acme.dev in private, we respond within 5 days</p>\n[//]: # (sec@acme.dev)\n",
            Nothing,
            "",
            "",
        ),
        ("Nothing yet.\n\n```\nReport to sec@acme.dev\n```\n", Nothing, "", ""),
        ("The widget project writes:\n\n> Please report vulnerabilities to security@widget.dev.\n", Nothing, "", ""),
        (
            "Another project says \"please report vulnerabilities to security@widget.dev\" and we like that.\n",
            Nothing,
            "",
            "",
        ),
        (
            "# Security Policy\n## Supported Versions\nUse this section to tell people about which versions of your project are\ncurrently being supported with security updates.\n\n| Version | Supported |\n| --- | --- |\n| 5.1.x | :white_check_mark: |\n| 5.0.x | :x: |\n\n## Reporting a Vulnerability\nUse this section to tell people how to report a vulnerability.\n\nTell them where to go, how often they can expect to get an update on a\nreported vulnerability.\n",
            Template,
            "",
            "",
        ),
        (
            "# Security\nPlease do not open an issue in public.\nSend a mail to security@yourcompany.com or [INSERT ADDRESS] or you@domain.tld.\nWe answer within 2 days.\n",
            Template,
            "",
            "p2d",
        ),
        ("Report vulnerabilities to <your email here>.", Template, "", ""),
        ("Report vulnerabilities to {{ security_email }}.", Template, "", ""),
        ("# Reporting\n\nTODO: where to report.\n", Template, "", ""),
        ("Report vulnerabilities to @yourname.", Template, "", ""),
        (
            "Please report vulnerabilities privately to security@example.org. We answer within 7 days.",
            Sample,
            "",
            "p7d",
        ),
        ("Report at https://example.net/security/report.", Sample, "", ""),
        (
            "Bitte melden Sie Schwachstellen vertraulich an sicherheit@acme.dev. Wir antworten innerhalb von drei Tagen.",
            NotUnderstood,
            "",
            "",
        ),
        (
            "Merci de signaler toute faille de sécurité par courriel à securite@acme.dev, et de ne rien publier avant notre réponse.",
            NotUnderstood,
            "",
            "",
        ),
        (
            "Por favor, informe de las vulnerabilidades por correo a seguridad@acme.dev y no abra una incidencia pública.",
            NotUnderstood,
            "",
            "",
        ),
        ("请将安全漏洞私下报告给 security@acme.dev。我们会在三天内回复。", NotUnderstood, "", ""),
        ("脆弱性を発見した場合は security@acme.dev までご連絡ください。", NotUnderstood, "", ""),
        ("Please see our policy at https://acme.dev/security-policy for how to report.", Elsewhere, "", ""),
        ("The policy is described on https://www.acme.org/about/.\n", Elsewhere, "", ""),
        (
            "To report a vulnerability, write to the address in the picture.\n\n![address](mail.png)\n",
            NotUnderstood,
            "",
            "",
        ),
        ("The maintainers' page says where to report vulnerabilities.", NotUnderstood, "", ""),
        (
            "# Security\nThe tool never uploads private keys.\nBugs go to bugs@acme.dev.\nWhat is in scope of the tool: signing files.\n",
            NotUnderstood,
            "",
            "",
        ),
        ("Holes in OpenSSL are upstream matters: report them to openssl-security@openssl.org.", NotUnderstood, "", ""),
        ("The old address sec@acme.dev no longer works. Please report nothing there.", NotUnderstood, "", ""),
        ("CVE-2024-1 was reported by ada@acme.dev, thank you.", NotUnderstood, "", ""),
        ("# Security\n\nWe sell safes. Contact ada@acme.dev for prices.", NotUnderstood, "", ""),
        ("# Security\n\nWrite to ada@acme.dev.", NotUnderstood, "", ""),
        ("Report vulnerabilities to press@acme.dev.", NotUnderstood, "", ""),
        ("Report misconduct to conduct@acme.dev, questions on data to acme-privacy@acme.dev.", NotUnderstood, "", ""),
        ("# Security\n\nQuestions? Mail support@acme.dev.", NotUnderstood, "", ""),
        ("# Widget\n\nReport vulnerabilities in Gadget to ada@gadget.dev.", NotUnderstood, "", ""),
        ("# Widget\n\nReport vulnerabilities in gadget to ada@gadget.dev.", NotUnderstood, "", ""),
        ("Report to sec@acme.dev. It is not monitored.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. All mail is left unread.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. Reports are ignored.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev, but do not bother.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev and expect nothing.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. Holes will not be fixed.", NotUnderstood, "sec@acme.dev", ""),
        ("Reports should not be sent to sec@acme.dev.", NotUnderstood, "", ""),
        ("Report to sec@acme.dev. This address should not be used.", NotUnderstood, "sec@acme.dev", ""),
        ("We plan to accept reports at sec@acme.dev.", NotUnderstood, "sec@acme.dev", ""),
        ("Planned: report vulnerabilities to sec@acme.dev.", NotUnderstood, "sec@acme.dev", ""),
        ("This is a draft.\n\nReport to sec@acme.dev.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. This policy is not yet in force.", NotUnderstood, "sec@acme.dev", ""),
        ("In 2024 a researcher sent a report to sec@acme.dev.", NotUnderstood, "", ""),
        ("In 2024 a researcher found a hole. They reported it to sec@acme.dev.", NotUnderstood, "", ""),
        ("Report to root@localhost.localdomain.", NotUnderstood, "", ""),
        ("Nothing.\n\n<p style=\"color:white\">Report to sec@acme.dev</p>\n", Nothing, "", ""),
        ("# Security\n\n## Sales contact\n\nMail ada@acme.dev.", NotUnderstood, "", ""),
        ("## Reporting\n\nFor press questions contact ada@acme.dev.", NotUnderstood, "", ""),
        ("## Reporting\n\nFor non-security bugs, mail ada@acme.dev.", NotUnderstood, "", ""),
        ("# Reporting\n\nContact the Gadget security team at security@gadget.dev.", NotUnderstood, "", ""),
        ("# Widget\n\nReport holes to the Gadget project, security@gadget.dev.", NotUnderstood, "", ""),
        ("Report to sec@acme.dev. Mail to it goes unread.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. Your report will be ignored.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. All reports about anything are deleted.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. We no longer accept reports.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. We can't respond to them.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. Nobody will look at it.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. The mailbox is not checked any more.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. This repository is archived.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. This project is unmaintained.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. The crate is no longer maintained.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. Mails bounce.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev, which is /dev/null.", NotUnderstood, "sec@acme.dev", ""),
        ("Reports to sec@acme.dev land in a folder that no human opens.", NotUnderstood, "", ""),
        ("Report to sec@acme.dev. Nobody is responsible for this inbox.", NotUnderstood, "sec@acme.dev", ""),
        (
            "Report to sec@acme.dev. Your message will reach no one, since the mailbox is not ours.",
            NotUnderstood,
            "sec@acme.dev",
            "",
        ),
        ("Report vulnerabilities to sec@acme.dev once it exists.", NotUnderstood, "", ""),
        ("# Security\n\nFor security: security@gadget.dev is the address of Gadget.", NotUnderstood, "", ""),
        ("# Security\n\nFor Gadget, report vulnerabilities to security@gadget.dev.", NotUnderstood, "", ""),
        ("Report to a@b.internal or a@server.lan.", NotUnderstood, "", ""),
        ("Report to sec@acme.dev. We refuse to fix security issues.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. We plan to set up this address.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. The mailbox will be set up.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. This is work in progress.", NotUnderstood, "sec@acme.dev", ""),
        ("# Security (draft)\n\nReport to sec@acme.dev.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. TBD.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. This policy is a template.", NotUnderstood, "sec@acme.dev", ""),
        ("Report to sec@acme.dev. We re\u{200b}fuse to an\u{200b}swer.", NotUnderstood, "sec@acme.dev", ""),
        ("We have not switched on GitHub's private vulnerability reporting.", NotUnderstood, "", "p"),
        ("Nothing.\n\n<p style='font-size:1px'>Report to sec@acme.dev</p>\n", Nothing, "", ""),
        ("Nothing.\n\n<p style='color:#fefefe'>Report to sec@acme.dev</p>\n", Nothing, "", ""),
        ("Our bug bounty at https://hackerone.com/acme is closed.", NotUnderstood, "https://hackerone.com/acme", "p"),
        ("Our bug bounty was formerly at https://hackerone.com/acme, and it is gone.", Nothing, "", ""),
        ("See https://hackerone.com/acme. Do not report there.", Elsewhere, "", ""),
        ("Copyright 2026 Ada <ada@acme.dev>", Nothing, "", ""),
    ]);
}

#[test]
fn what_only_the_reporter_may_do_is_no_promise() {
    for (text, days) in [
        ("Write in private to sec@acme.dev.\nIf we do not respond within 90 days, publish.\n", None),
        ("Report to sec@acme.dev. Wait 14 days for an answer before you publish.", None),
        ("Report to sec@acme.dev. Please respond to our questions within 7 days.", Some(7)),
        ("Report to sec@acme.dev. Unless you hear from us within 2 days, write again.", None),
        ("Report to sec@acme.dev. We respond within 2 days; if we do not within 5, write again.", Some(2)),
        ("Report to sec@acme.dev. The token is valid for 3 days.", None),
        ("Report to sec@acme.dev. Our response time is two weeks.", Some(14)),
        ("Report to sec@acme.dev. We fix within 30 days.", None),
        ("Report to sec@acme.dev. Expect an answer within three business days.", Some(3)),
        ("Report to sec@acme.dev. A response follows within three business days.", Some(3)),
        ("Report to sec@acme.dev. The initial response takes nine working days.", Some(9)),
        ("Report to sec@acme.dev. Please wait for the response for twelve days.", None),
        ("Report to sec@acme.dev. Unless there is a response within three business days, publish.", None),
    ] {
        assert_eq!(read(security::read, text).response_days, days, "{text}");
    }
}

#[test]
fn a_section_of_a_readme_counts_only_where_it_says_how() {
    for (text, counts) in [
        ("# app\n\nSays hello.\n\n## Reporting security problems\n\nPlease write to sec@acme.dev in private.\n", true),
        ("# app\n\nMail bugs to sec@acme.dev.\n\n## Security\n\nKeys are encrypted.\n", false),
        ("# app\n\n## Security\n\nSee https://acme.dev/policy.\n", false),
        ("# app\n\n## Security\n\n### Reporting\n\nReport to @ada.\n", true),
        ("# app\n\n## Security\n\nReport to security@example.org.\n", true),
        ("# app\n\nPlease report vulnerabilities to sec@acme.dev.\n", false),
    ] {
        let mut fact = start("security-policy", "README.md", text);
        assert_eq!(security::read_sections(text, &mut fact), counts, "{text}\n{fact:?}");
    }
}
