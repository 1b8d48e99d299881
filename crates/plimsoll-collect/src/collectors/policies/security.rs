//! What a page says of how to report a vulnerability: statements of the maker to the reporter, sentence by sentence.
//!
//! Source: ISO/IEC 29147 section 6 (what a disclosure policy contains): where to report, how, how soon there is an answer, and
//! for what.

use jiff::civil::Date;

use super::{
    PolicyFact, Statement,
    asks::{self, Reach},
    doubts, english,
    others::{self, letters},
    patterns::{fits, pattern},
    promises::promised_days,
    prose::{self, Block},
};
use crate::contacts::{self, Address, Kind, Worth};

/// Contacts that are kept of one document.
const MOST_CONTACTS: usize = 10;
/// Bytes of a page that are read for statements.
const LONGEST: usize = 200_000;

// The sentence is about a report.
pattern!(
    ABOUT,
    r"\b(report\w*|vulnerabilit\w*|disclos\w*|security[- ](?:related |relevant )?(?:issue|problem|bug|concern|hole|flaw|matter|question|team|contact|incident|finding|advisor|officer)\w*|exploit\w*|contact\w*|e-?mail\w*|mail|write|reach|get in touch|send|notify|tell (?:us|me)|let (?:us|me) know|inform|submit|message|dm|form)\b"
);
// Somebody is asked to do something with an address, or it is shown where to.
pattern!(
    DIRECTS,
    r"\b(report\w*|disclos\w*|contact\w*|e-?mail\w*|mail|write|reach|get in touch|send|notify|tell|let|inform|submit|message|dm|use|using|form|via|through|open|create|file|visit|ask|ping|call|talk|address|drop|reachable|bring|raise|go(?:es)? to)\b"
);
pattern!(
    NOT,
    r"\b(?:should|must) not be (?:sent|mailed|written|reported|used|submitted)\b|\b(?:do not|don't|don’t|does not|never|please avoid|must not|should not|may not|can no longer|no longer|not to)\s+(?:\w+\s+){0,2}?(?:write|e-?mail|mail|contact|send|use|report|submit|disclose|post|open|file|create|reach|message|ask|call|notify|tell|share|work\w*|in use|valid|monitored|read)\b"
);
pattern!(
    PAST,
    r"\b(?:formerly|used to be|defunct|retired|obsolete|no longer|was replaced|(?:reported|found|discovered|disclosed|fixed|credited) (?:\w+ )?by|thanks to|credit (?:to|goes)|kudos|already (?:been )?(?:reported|known|disclosed))\b"
);
// Headings of what is no matter for a report: an address there is where something else goes.
pattern!(
    LEFT_OUT,
    r"\b(?:exclu(?:sions?|ded)|out[- ]of[- ]scope|not in scope|ineligible|non[- ]qualifying|known issues|not (?:a |considered )?vulnerabilit\w+|what (?:is not|isn't))\b"
);
// A label with the address behind it.
pattern!(LABELLED, r"^[-*\s]*(?:security|vulnerabilit\w+|security \w+):");
// The way of a report, and not the person who sends it.
pattern!(
    BY_WAY,
    r"\bby (?:\w+ly )?(?:e-?mail\w*|mail\w*|sending|writing|using|opening|creating|filing|contacting|submitting|messag\w*|phone|visiting|clicking|filling|following|way|private)\b"
);
pattern!(
    REFUSES,
    r"\b(?:takes?|accepts?|receives?|handles?|process(?:es)?|reads?|wants?|answers?|offers?) no (?:\w+ ){0,2}(?:reports?|mails?|e-?mails?|disclosures?|messages?)\b|\b(?:do|does|will|can|are|is|am)(?:n't|n’t| not) (?:currently |yet |be )?(?:accept|tak|process|handl|respond(?:ing)? to|read|answer|review|want)(?:e|ing)? (?:any |the |your |these |security |vulnerability |bug ){0,3}(?:reports?|disclosures?|e-?mails?|mails?)\s*(?:$|[.,;!]|and\b|or\b|any ?more|any longer|at (?:this|the) (?:time|moment)|right now|for this|in this|here|whatsoever)|\b(?:there is|we have|has|have) (?:currently |yet )?no (?:\w+ )?(?:way|channel|process|address|contact|means|place|policy) (?:to|for|of|on|about) (?:\w+ )?(?:report|disclos|contact|vulnerab|security)|\b(?:no|without a) security policy\b|\breports? (?:is|are|will be) (?:not|never) (?:accepted|read|answered|processed|handled|taken)\b|\b(?:nobody|no one) (?:reads|answers|looks at|monitors|checks)\b"
);
pattern!(
    TEMPLATE,
    r"\buse this section to\b|\btell (?:people|them|users|reporters|others|your users) (?:how|where|about|which|what|when)|\b(?:insert|fill in|replace this|replace the|put|enter) (?:\w+ ){0,3}(?:e-?mail|address|contact|text|section|here|name)\b|\[(?:insert|your|todo|tbd|e-?mail|address|contact|link|url|name|project|security contact|maintainer)[^\]]*\]|<(?:your|insert|e-?mail|address|contact|todo|security)[^<>@]*>|\{\{[^}]*\}\}|\{%|\$\{\w+\}|\bTODO\b|\bTBD\b|\bFIXME\b|\blorem ipsum\b|\bX{3,}\b|\bthis (?:file|section|page|document) (?:should|needs to|has to) (?:describe|explain|say|be filled|be replaced)|\bis a template\b|\bcoming soon\b|\bchange[- ]me\b|\breplace (?:me|with|by)\b|\bto be (?:replaced|written|decided|done|announced|filled)"
);
pattern!(
    PRIVATE,
    r"\bprivate(?:ly)?\b|\bconfidential(?:ly|ity)?\b|\bin confidence\b|\bnot (?:be )?(?:\w+ ){0,6}(?:in )?public(?:ly)?\b|\b(?:do not|don't|don’t|never|please avoid|avoid|instead of|rather than|not) (?:\w+ ){0,4}?(?:open|opening|file|filing|create|creating|report|reporting|post|posting|raise|raising|disclose|disclosing|submit|submitting|use|using|write|writing|discuss|discussing|talk|share|sharing)\b[^.;]{0,60}\b(?:issues?|tracker|forum|pull requests?|public\w*|discussions?|bug reports?|lists?|github)\b|\bresponsible disclosure\b|\bresponsibly\b|\bcoordinated (?:vulnerability )?disclosure\b|\bencrypt\w*\b|\bembargo\w*\b|\bbefore (?:it|anything|the \w+) (?:is|becomes|are) (?:made )?public\b|\bsecurity advisor(?:y|ies)\b"
);
// Private things that are no way to report.
pattern!(
    NOT_A_WAY,
    r"\b(?:not|never|cannot|\w+n['’]t) (?:(?:be|stay|remain|keep|kept|treat|treated|guarantee|promise|handle|handled|your|the|any|reports?|them|it|as) ){0,6}(?:private|confidential|secret)\w*|\bprivate (?:keys?|repositor\w+|data|networks?|members?|methods?|fields?|use|registr\w+|information|packages?|address(?:es)?|ips?)\b|\bnot private\b"
);
pattern!(
    ABOUT_REPORTS,
    r"\b(report\w*|vulnerabilit\w*|disclos\w*|security|issues?|write|mail|e-?mail|contact|send|tell|exploit\w*|bugs?|submit|message|post)\b"
);
pattern!(
    BY_FORGE,
    r"\bprivate(?:ly)? (?:vulnerability |security )?(?:report(?:ing|s)?|disclosures?)\b[^.;]{0,60}\b(?:github|gitlab|codeberg|feature|form|page|tab|button|here|repository)\b|\b(?:github|gitlab|codeberg|forge|repository)(?:'s|’s)? [^.;]{0,40}\bprivate(?:ly)? (?:vulnerability|security) report|\bprivate vulnerability report(?:ing|s?)\b|\b(?:open|create|use|via|through|submit|file|draft|report|using|with|make|start) (?:\w+ ){0,6}security advisor(?:y|ies)\b|\breport a (?:security )?vulnerability\x22? (?:button|form|link|under|in the|on the|at the)|\b(?:button|form|link) \x22?report a (?:security )?vulnerability|\b(?:click|press|choose|select|use|open|under|through|via)\b[^.;]{0,60}(?:\x22report a (?:security )?vulnerability\x22|report a (?:security )?vulnerability\b|\bsecurity tab\b|\bsecurity advisories\b)|\bconfidential (?:issue|ticket|bug)\b|\bsecurity tab\b[^.;]{0,80}\b(?:report|advisor)|\b(?:github|gitlab|codeberg)(?:'s|’s)? (?:built-in |own )?(?:private|confidential|security) (?:\w+ ){0,3}(?:report|advisor|disclos)\w*|\b(?:privately report|report\w* (?:\w+ ){0,6}privately)\b[^.;]{0,40}\b(?:via|through|on|using|in|with|to) (?:the )?(?:github|gitlab|codeberg|security tab|repository)\b|\breport\w* [^.;]{0,60}\b(?:via|through|using|on|with|in|under) (?:the |this |our )?(?:repository(?:'s|’s)? |project(?:'s|’s)? )?(?:github(?:'s|’s)? )?security (?:tab|page|section|panel)\b"
);
// It is not switched on, or not meant.
pattern!(
    SWITCHED_OFF,
    r"\b(?:not|never|no|without|disabled|off|unavailable|cannot|nor|neither|lacks?|missing)\b|n['’]t\b"
);
pattern!(
    PAGE_OF_POLICY,
    r"\b(?:see|read|refer to|described|documented|found|follow|policy|polic(?:y|ies) (?:is|are)|process|procedure|guidelines?|more|details|learn|consult|check|covers?|applies)\b"
);
pattern!(
    PAGE_OF_REPORTS,
    r"/security/advisories|hackerone\.com/|bugcrowd\.com|intigriti|yeswehack|huntr\.|immunefi|tidelift\.com/security|tidelift\.com/docs/security|g\.co/vulnz|bughunters|msrc\.microsoft|aka\.ms/|whitehat|matrix\.to/|t\.me/|discord\.|signal\.me|signal\.group|keybase\.io|forms\.|/forms/|typeform|/contact|/report|vulnerab|/security|security\.|disclos|/issues|launchpad|bugzilla|zulip|slack|gitter|mailman|groups\.google|lists\.|/support|/help"
);
pattern!(
    SCOPE,
    r"\b(?:latest|newest|current|last|most recent|stable|main|master|head|lts|each|every|all|major|minor|both|two|three)\b[^.;]{0,60}\b(?:is|are|gets?|receives?|remain)?\s*(?:security |bug )?(?:supported|maintained|patched|covered|fix(?:es|ed)|updates?|patches|backport\w*)\b|\bsupported (?:version|release|branch)\w*\s*(?::|are|is|include)|\b(?:versions?|releases?|branch(?:es)?|series|lines?) [v<>=~^]*\s*\d+(?:\.[\dx*]+)*\b[^;]{0,60}\b(?:supported|maintained|updates?|fix(?:es)?|patch(?:es)?|support)\b|\b\d+\.[\dx*]+(?:\.[\dx*]+)?\b[^;]{0,40}\b(?:is supported|are supported|gets?|receives?|supported|security updates)\b|\b(?:in|out of) scope\b|\bsecurity (?:updates|fixes|patches|support) (?:are|is|for|only|go|to|will)|\bonly the\b[^.;]{0,40}\b(?:version|release|branch)\b|\bfix(?:es)? (?:are|is|go|goes) (?:\w+ ){0,3}(?:in|into|to|for|on)\b[^.;]{0,40}\b(?:release|version|branch)"
);
pattern!(
    NOT_A_SCOPE,
    r"\bin scope of (?:the|this) (?:tool|function|variable|block)\b|\bscope of (?:a|the) (?:variable|function|block)\b"
);
pattern!(
    SCOPE_HEADING,
    r"\b(?:supported (?:version|release|branch)\w*|versions? support\w*|security updates?|scope|supported)\b"
);
// Nothing is in scope.
pattern!(NONE, r"^\W*(?:none|n/?a|nothing|no|no versions?(?: (?:is|are) supported)?|not applicable|unsupported)?\W*$");
pattern!(SECURITY_HEADING, r"\b(?:security|vulnerabilit\w+|responsible disclosure|coordinated disclosure)\b");
pattern!(NAMES_ITSELF, r"^(?:mailto:)?(?:security|secure|psirt|vuln\w*|disclosure|product-?security)[a-z0-9.+-]*@");
// What names reports of vulnerabilities. The word security alone does not: its paragraphs also sell, and say whom to ask.
pattern!(
    REPORTS,
    r"\b(?:report(?:s|ed|ing)?|vulnerabilit\w*|disclos\w*|exploit\w*|security[- ](?:related |relevant )?(?:issue|problem|bug|concern|hole|flaw|incident|finding|weakness)\w*|(?:anything|something|everything) (?:that is |which is )?(?:security[- ]related|related to security)|holes?|flaws?|public (?:issue|tracker|bug))\b"
);
pattern!(
    PLATFORM,
    r"//(?:[a-z0-9-]+\.)?(?:(?:hackerone|bugcrowd|intigriti|huntr|yeswehack|immunefi|federacy|hackenproof)\.(?:com|dev|eu|io)|issuehunt\.io|openbugbounty\.org)/"
);
// What such a platform runs, and what it takes.
pattern!(
    PROGRAM,
    r"\b(?:we|i|this project|the team) (?:also |currently |now )?(?:runs?|have|has|offers?|operates?|maintains?|uses?|participates? in|takes? part in)\b[^.;]{0,60}\b(?:program(?:me)?|bount(?:y|ies)|vdp)\b|\b(?:our|my) (?:(?:bug|security|vulnerability|disclosure|public|private|own|hackerone|bugcrowd|reward|managed) )*(?:program(?:me)?|bount(?:y|ies)|vdp)\b|^\W*(?:bug )?bounty(?: program(?:me)?)?\s*:"
);
pattern!(FINDINGS, r"\b(?:findings?|submissions?|submit)\b");
pattern!(TEMPLATE_ROW, r"^\s*(?:5\.1\.x|5\.0\.x|4\.0\.x|< ?4\.0)\b");

// Such a heading is about those that are known, and asks for none.
pattern!(OF_THE_KNOWN, r"\b(?:change ?log|known|fixed|resolved|list|history|overview|statistics)\b");
// What is sent, mailed or submitted.
pattern!(OBJECT, r"\b(?:send|submit|forward|mail|post)\s+(?:(?:us|me|your|the|all|any|an?|in)\s+)*([a-z-]+)");
// What of it is a report, or leads to its address.
pattern!(
    OF_A_REPORT,
    r"^(?:e-?mails?|mails?|messages?|notes?|letters?|line|it|them|this|that|us|me|to|at|via|by|here|reports?|details?|information|descriptions?|findings?|encrypted|signed|private|security|vulnerabilit\w+|everything|what|directly|privately|your|the|copy|requests?|dm)$"
);
// A report that one gets and does not write, or vulnerabilities of the reader's own.
pattern!(
    GETS,
    r"\b(?:soc|audit|penetration[- ]test\w*|pentest\w*|compliance|annual|transparency|iso|assessment) (?:\w+ ){0,2}?reports?\b|\breports? (?:of|on|about|from|for) (?:(?:the|our|an?|last|latest) ){1,2}(?:\w+ )?(?:audits?|assessments?|penetration|pentests?|tests?|reviews?|year|quarter)\b|\bfor a copy\b|\b(?:buy|purchase|order|obtain|subscribe)\b[^.;]{0,60}\breports?\b|\bask\b[^.;]{0,60}\bfor (?:the|our|an?|your)\b[^.;]{0,30}\breports?\b|\breports?\b[^.;]{0,60}\bbe (?:requested|obtained|ordered|downloaded|bought|purchased|viewed)\b|\bin your own\b"
);
// A request of so few words is about what its page is.
const FEW: usize = 5;

/// A security policy.
pub(super) fn read(text: &str, fact: &mut PolicyFact, _: Date) {
    let end = (0..=LONGEST.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    judge(&prose::blocks(text.get(..end).unwrap_or_default()), fact);
    if end < text.len() && fact.statement == Some(Statement::Nothing) {
        fact.statement = Some(Statement::NotUnderstood);
        fact.problems = vec!["it is longer than what is read, and its beginning does not say how to report".to_owned()];
    }
    if fact.statement == Some(Statement::Stated) && !is_text(text) {
        fact.statement = Some(Statement::NotUnderstood);
        fact.problems = vec!["it holds bytes that no text has, or a conflict of a merge".to_owned()];
    }
}

/// The parts of another page, a README, that are under a heading about security. Gives whether they say how to report, be it
/// at an address that is a sample; a page that does not is no policy.
pub(super) fn read_sections(text: &str, fact: &mut PolicyFact) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let sections: Vec<Block> =
        prose::blocks(text).into_iter().filter(|block| fits(&SECURITY_HEADING, &block.heading)).collect();
    judge(&sections, fact);
    matches!(fact.statement, Some(Statement::Stated | Statement::Sample))
}

/// Is it a text as somebody wrote it, without control characters and conflicts that a merge left?
fn is_text(text: &str) -> bool {
    !text.contains(|letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t' | '\u{c}'))
        && !text.lines().any(|line| ["<<<<<<< ", ">>>>>>> ", "||||||| "].iter().any(|mark| line.starts_with(mark)))
}

fn judge(blocks: &[Block], fact: &mut PolicyFact) {
    let mut found = Found { own: own_names(blocks, fact), known: !fact.own.is_empty(), ..Found::default() };
    let unfilled: Vec<&str> =
        blocks.iter().filter(|block| fits(&TEMPLATE, &block.text)).map(|block| block.heading.as_str()).collect();
    let mut before = String::new();
    let mut heading = "";
    for block in blocks {
        if block.heading != heading {
            before.clear();
            found.lead.clear();
            heading = &block.heading;
        }
        found.in_code = block.code;
        found.block += 1;
        for sentence in block.sentences() {
            let sentence = contacts::plain(sentence);
            found.sentence(&sentence, heading, &before);
            if sentence.ends_with(':') {
                found.lead.clone_from(&sentence);
            }
            before = sentence;
        }
        let is_unfilled = fits(&NONE, &block.text)
            || unfilled.contains(&heading)
            || fits(&TEMPLATE_ROW, &block.text) && !found.other_rows;
        if fits(&SCOPE_HEADING, last_heading(heading)) && !is_unfilled && !fits(&REFUSES, &block.text) {
            found.scope = true;
        }
    }
    let english = english::is_english(blocks);
    found.doubted |= found.is_near_an_unusual_sentence();
    fact.has_process = found.private;
    fact.has_scope = found.scope;
    fact.response_days = found.days;
    fact.language = Some(if english { "en" } else { "other" });
    found.contacts.truncate(MOST_CONTACTS);
    let (statement, problem) = if !english {
        (Statement::NotUnderstood, Some("it is not in English, and what it says was not understood".to_owned()))
    } else if found.refused && !found.contacts.is_empty() {
        (Statement::NotUnderstood, Some("it says that reports are not taken, and gives an address".to_owned()))
    } else if found.doubted && !found.contacts.is_empty() {
        let problem = "it gives an address, and says something that may mean that no one reads reports now";
        (Statement::NotUnderstood, Some(problem.to_owned()))
    } else if found.refused {
        (Statement::Refused, Some("it says that reports are not taken".to_owned()))
    } else if !found.contacts.is_empty() {
        (Statement::Stated, None)
    } else if !unfilled.is_empty() || found.placeholder {
        (
            Statement::Template,
            Some("it is a template that is not filled in: it names no address to report to".to_owned()),
        )
    } else if let Some(sample) = found.sample {
        let problem = format!("its address {sample} is on a domain that is reserved for samples; write the real one");
        (Statement::Sample, Some(problem))
    } else if let Some(page) = found.elsewhere {
        (Statement::Elsewhere, Some(format!("it points to {page}, which is not read here; write the address into it")))
    } else if found.nobody {
        (
            Statement::Nothing,
            Some("no one reads what is sent to its address; write one that people can reach".to_owned()),
        )
    } else if found.mentions {
        let problem = "it mentions reports, but no address to report to was recognised; write it out";
        (Statement::NotUnderstood, Some(problem.to_owned()))
    } else {
        (Statement::Nothing, Some("it does not say how to report: it names no address to report to".to_owned()))
    };
    fact.statement = Some(statement);
    fact.contacts = found.contacts;
    fact.problems.extend(problem);
}

#[derive(Default)]
struct Found {
    contacts: Vec<String>,
    sample: Option<String>,
    placeholder: bool,
    nobody: bool,
    elsewhere: Option<String>,
    refused: bool,
    mentions: bool,
    private: bool,
    scope: bool,
    days: Option<u64>,
    other_rows: bool,
    doubted: bool,
    /// Names that the product goes by, in small letters.
    own: String,
    /// Are names of the product known from elsewhere than the page?
    known: bool,
    /// The last sentence of the section that ends with a colon.
    lead: String,
    /// Is it text that is set as code?
    in_code: bool,
    /// The number of the block.
    block: usize,
    /// The headings and blocks in which contacts are given.
    given: Vec<(String, usize)>,
    /// The headings and blocks in which a sentence turns reporters away or is of no usual kind, and how far that reaches.
    unusual: Vec<(String, usize, Reach)>,
}

/// The names that the product is known by and those in the headings, in small letters and without signs.
fn own_names(blocks: &[Block], fact: &PolicyFact) -> String {
    let headings = blocks.iter().map(|block| block.heading.as_str());
    let mut names: Vec<String> =
        fact.own.iter().chain(&fact.titles).map(String::as_str).chain(headings).map(letters).collect();
    names.dedup();
    names.join(" ")
}

fn is_past(clause: &str) -> bool {
    let rest = BY_WAY.as_ref().map_or(clause.into(), |way| way.replace_all(clause, " "));
    fits(&PAST, &rest)
}

impl Found {
    fn sentence(&mut self, sentence: &str, heading: &str, before: &str) {
        let sentence = &*doubts::without_other_mail(sentence);
        if fits(&TEMPLATE, sentence) {
            self.placeholder = true;
            self.doubted |= doubts::is_unfinished(sentence);
            return;
        }
        if fits(&REFUSES, sentence) {
            self.refused = true;
            return;
        }
        self.doubted |= doubts::doubts(sentence, last_heading(heading));
        let bounded = doubts::is_bounded(sentence);
        let reach = if asks::turns_away(sentence, bounded) {
            Some(Reach::Section)
        } else {
            asks::unusual(sentence, bounded).filter(|_| contacts::addresses(sentence).is_empty())
        };
        self.unusual.extend(reach.map(|reach| (heading.to_owned(), self.block, reach)));
        self.mentions |= fits(&ABOUT, sentence);
        if doubts::is_story(sentence, before) || fits(&LEFT_OUT, last_heading(heading)) {
            return;
        }
        let about = |text: &str| fits(&ABOUT, text);
        let reports = fits(&REPORTS, sentence);
        let in_context = reports || fits(&REPORTS, before) || is_under_reports(sentence, last_heading(heading));
        self.platform(sentence, before, heading);
        let mut lead = String::new();
        for clause in clauses(sentence) {
            let begins = clause.split_whitespace().next().is_some_and(|word| word.contains('@'));
            let elsewhere =
                others::leads_elsewhere(&lead, &self.own) || begins && others::is_of_another(&lead, &self.own);
            if clause.contains('@') {
                lead.clear();
            } else {
                lead.push_str(clause);
                lead.push_str(", ");
            }
            if elsewhere {
                self.mentions |= clause.contains('@') || clause.contains("://");
                continue;
            }
            let denied = fits(&NOT, clause) && !clause.contains("hesitate");
            let of_another = others::is_of_another(clause, &self.own_with(clause));
            self.mentions |= of_another;
            if denied || is_past(clause) || others::is_made_by_others(clause) || of_another {
                continue;
            }
            let directed = fits(&DIRECTS, sentence)
                || fits(&DIRECTS, before) && before.ends_with(':')
                || about(last_heading(heading))
                || fits(&LABELLED, clause);
            let addresses = contacts::addresses(clause);
            let texts = || addresses.iter().map(|one| one.text.as_str());
            let of_something_else = asks::leads_to_example(before)
                || fits(&GETS, sentence)
                || self.in_code && clause.split_whitespace().count() > 3
                || !reports && is_for_another_thing(sentence);
            let asked = !of_something_else
                && asks::asks(
                    &asks::without_addresses(sentence, texts()),
                    &asks::without_addresses(clause, texts()),
                    &format!("{} {}", last_heading(heading), self.lead),
                );
            for address in &addresses {
                let mail = address.kind == Kind::Mail;
                if mail && others::is_for_others(&address.text, clause, last_heading(heading), reports) {
                    continue;
                }
                let alone = mail && fits(&NAMES_ITSELF, &address.text) && clause.split_whitespace().count() == 1;
                let itself = mail && (fits(&NAMES_ITSELF, &address.text) || address.text.starts_with("sec@"));
                self.mentions |= !asked && address.kind == Kind::Mail;
                self.address(address, clause, heading, asked && (alone || directed && (in_context || itself)));
            }
            if fits(&BY_FORGE, clause) && !fits(&SWITCHED_OFF, clause) {
                self.contact("the code host's form for private reports", heading);
                self.private = true;
            }
        }
        self.private |= fits(&PRIVATE, sentence) && !fits(&NOT_A_WAY, sentence) && fits(&ABOUT_REPORTS, sentence);
        self.scope |= fits(&SCOPE, sentence) && !fits(&NOT_A_SCOPE, sentence);
        let days = clauses(sentence).into_iter().filter_map(promised_days).min();
        self.days = self.days.into_iter().chain(days).min();
    }

    /// The names of the product, with that of the team that `clause` sends reports to.
    fn own_with(&self, clause: &str) -> String {
        let mails = contacts::addresses(clause);
        let team = mails.iter().find_map(|mail| others::handled_by(clause, &mail.text, self.known));
        format!("{} {}", self.own, team.unwrap_or_default())
    }

    /// A program on a platform that is named in one sentence, and asked for reports in the next.
    fn platform(&mut self, sentence: &str, before: &str, heading: &str) {
        let asked = (fits(&REPORTS, sentence) || fits(&FINDINGS, sentence)) && fits(&DIRECTS, sentence);
        let denied = |text: &str| fits(&NOT, text) || fits(&PAST, text) || others::is_made_by_others(text);
        let named = if fits(&PLATFORM, sentence) && fits(&PROGRAM, sentence) && !denied(sentence) {
            sentence
        } else if asked && contacts::addresses(sentence).is_empty() && !denied(sentence) && !denied(before) {
            before
        } else {
            return;
        };
        for address in contacts::addresses(named).iter().filter(|one| fits(&PLATFORM, &one.text)) {
            if address.worth == Worth::Good {
                self.private |= address.text.contains("hackerone.com");
                self.contact(&address.text, heading);
            }
        }
    }

    /// Is a contact given in a section in which, above which or below which there is an unusual sentence?
    fn is_near_an_unusual_sentence(&self) -> bool {
        let within = |inner: &str, outer: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || outer.is_empty() || rest.starts_with(" / "))
        };
        self.given.iter().any(|(given, at)| {
            asks::is_not_meant(last_heading(given))
                || self.unusual.iter().any(|(unusual, block, reach)| match reach {
                    Reach::Section => within(given, unusual) || within(unusual, given),
                    Reach::Next => given == unusual && at.abs_diff(*block) <= 1,
                    Reach::Paragraph => at == block,
                })
        })
    }

    fn contact(&mut self, text: &str, heading: &str) {
        self.given.push((heading.to_owned(), self.block));
        if !self.contacts.iter().any(|one| one == text) {
            self.contacts.push(text.to_owned());
        }
    }

    fn address(&mut self, address: &Address, clause: &str, heading: &str, directed: bool) {
        if !directed {
            // It is there, and nothing says that it is for reports.
            self.mentions |= address.worth == Worth::Good && address.kind == Kind::Mail;
            self.nobody |= address.worth == Worth::Nobody && fits(&DIRECTS, clause);
            if address.kind == Kind::Page && address.worth == Worth::Good && fits(&PAGE_OF_POLICY, clause) {
                self.elsewhere.get_or_insert_with(|| address.text.clone());
            }
            return;
        }
        if address.kind == Kind::Page {
            let for_reports = fits(&PAGE_OF_REPORTS, &address.text);
            let only_told = fits(&PAGE_OF_POLICY, clause) && !fits(&TO_A_PAGE, clause);
            let for_reports = for_reports && !fits(&TEXT_OF_A_POLICY, &address.text);
            if address.worth == Worth::Good && (!for_reports || only_told && !address.text.contains("/advisories")) {
                self.elsewhere.get_or_insert_with(|| address.text.clone());
                return;
            }
        }
        // A name with `@` is an address only where somebody is to be asked.
        if address.kind == Kind::Chat && address.text.starts_with('@') && !fits(&TO_SOMEBODY, clause) {
            return;
        }
        match address.worth {
            Worth::Good => {
                self.private |= address.text.contains("/security/advisories") || address.text.contains("hackerone.com");
                self.contact(&address.text, heading);
            }
            Worth::Sample => {
                self.sample.get_or_insert_with(|| address.text.clone());
            }
            Worth::Placeholder => self.placeholder = true,
            Worth::Nobody => self.nobody = true,
        }
    }
}

pattern!(TEXT_OF_A_POLICY, r"\.(?:md|rst|adoc|txt|markdown)(?:#|$)");
pattern!(
    TO_A_PAGE,
    r"\b(?:report\w* (?:\w+ ){0,8}(?:to|via|through|at|on|using|with|here|in|under)|submit\w*|through|via|form|contact|send|open|create|file|use|disclos\w* (?:\w+ ){0,4}(?:to|via|through|at))\b"
);
pattern!(
    TO_SOMEBODY,
    r"\b(?:contact\w*|dm|message|reach|ping|mention|tell|write|ask|notify|e-?mail|send|report|talk|matrix|mastodon|telegram|signal|discord|slack|keybase|handle|inform)\b"
);

/// Is something else than a report to be sent?
fn is_for_another_thing(sentence: &str) -> bool {
    let found = contacts::addresses(sentence);
    let shown = asks::without_addresses(sentence, found.iter().map(|one| one.text.as_str()));
    let object = OBJECT.as_ref().and_then(|object| object.captures(&shown)).and_then(|found| found.get(1));
    object.is_some_and(|object| !fits(&OF_A_REPORT, object.as_str()))
}

/// Is the sentence of reports because of its heading alone?
fn is_under_reports(sentence: &str, heading: &str) -> bool {
    !fits(&OF_THE_KNOWN, heading)
        && (fits(&ABOUT, heading)
            || heading.to_lowercase().contains("security policy") && sentence.split_whitespace().count() <= FEW)
}

pub(super) fn last_heading(heading: &str) -> &str {
    heading.rsplit(" / ").next().unwrap_or_default()
}

/// The parts of a sentence that can be denied apart from each other.
fn clauses(sentence: &str) -> Vec<&str> {
    pattern!(BREAK, r"[;,]\s|\s[–—]\s|\s--\s|\s+(?:but|instead|rather|and)\b|\.\s");
    match BREAK.as_ref() {
        Some(pattern) => pattern.split(sentence).filter(|clause| !clause.trim().is_empty()).collect(),
        None => vec![sentence],
    }
}
