//! Does a sentence ask for reports at the address that it holds, and are those around it of the usual kind?
//!
//! An address counts only where the sentence with it is understood as a whole: a request with a verb and a way, or a label.
//! The sentences around it have to be of the kinds that such pages consist of; another one is not understood, be it a refusal in
//! words that no list has.

use std::borrow::Cow;

use super::{
    moments,
    patterns::{fits, pattern},
};

// Those who are asked, or to which it is shown, in the words that come before the verb.
pattern!(
    REQUEST,
    r"(?:^|[,;:(–—>]\s*|-\s+|\b(?:please|kindly|instead|rather|then|just|always|also|simply|so|and|or|but|to|should|can|may|must|could|would|shall|will|either|first|here|privately|directly|responsibly|confidentially|securely|immediately|promptly|you|alternatively|e-?mails?|strongly|preferably|do|not)\s+(?:\x22)?)(?:\w+ly )?(?:report|send|e-?mail|mail|write|contact|disclose|submit|notify|tell|inform|let|reach|get|message|dm|use|open|create|file|visit|ask|ping|call|talk|go|click|fill|raise|forward|share|join|drop|address|direct|choose|select|press|start|make|reach|encrypt|do so|do it|bring|speak|discuss|communicate|alert|head|email)\b"
);
pattern!(
    REQUESTED,
    r"\b(?:should|must|can|may|shall|could|will|are to|is to|need to|needs to|has to|have to|ought to) (?:\w+ )?be (?:\w+ ){0,2}?(?:reported|sent|e-?mailed|mailed|directed|submitted|disclosed|addressed|made|raised|filed|communicated|done|contacted|reached|notified|informed|brought|discussed|forwarded|opened|created|shared|handled|found)\b|\b(?:is|are|be|being|get|gets|been) (?:\w+ ){0,3}?(?:reported|taken|received|accepted|handled|discussed|welcome|welcomed|encouraged|appreciated|managed|processed|coordinated|requested|asked|urged|reachable|sent|submitted|directed|tracked|contacted|reached)\b|\b(?:reports?|mails?|e-?mails?|vulnerabilit\w+|issues|disclosures?|they|it) (?:\w+ ){0,6}?go(?:es)? (?:\w+ )?to\b|\bby (?:\w+ )?(?:e-?mailing|mailing|sending|contacting|writing|opening|using|creating|filing|submitting|reporting|messaging|filling|visiting|clicking|e-?mail|mail)\b|\b(?:encourage|ask|urge|invite|advise|request|like|want|prefer)s? (?:\w+ ){0,4}?to\b|\b(?:we|i|team|project|maintainers?) (?:\w+ ){0,2}?(?:accepts?|takes?|receives?|welcomes?|handles?|reads?|uses?|runs?|has|have|offers?|operates?|maintains?|participates?|provides?|monitors?)\b|\b(?:bount(?:y|ies)|program(?:me)?|vdp|address|contact|list|team|form|inbox|mailbox|channel|email|e-mail|point of contact|way|method)\b[^.;]{0,60}\b(?:is|are|runs?|at|on|:)|\b(?:report|reporting)\b[^.;]{0,60}\bhere\b|\b(?:available|reachable|contactable|responsible|welcome)\b"
);
// A way without a verb, as `Reports of vulnerabilities to @`.
pattern!(
    NAMED_WAY,
    r"\b(?:report\w*|disclos\w*|e-?mails?|mail|messages?|contact) (?:\w+ ){0,4}?(?:via|through|to|at|by|using|on|with|privately|directly)\b[^.;]{0,30}@\W*$"
);
// By what an address is joined to what is asked.
pattern!(
    WAY,
    r"(?:\b(?:to|at|via|through|by|on|using|with|in|under|e-?mail\w*|mail\w*|write|writing|contact\w*|use|using|visit|see|join|ping|message|messaging|dm|ask|tell|notify|inform|reach\w*|call|is|are|or|and|either|of|both|follow|here|address|handle|click|for|open|fill|form)\b|[:<(–—]|-\s)[^.;]*$"
);
// Words of a label, as `Security contact`.
pattern!(
    LABEL,
    r"^(?:e-?mails?|mail|mailto|contacts?|security|vulnerabilit\w+|vulns?|reports?|reporting|report|team|address|list|key|keys|pgp|gpg|openpgp|fingerprint|maintainers?|lead|matrix|signal|telegram|mastodon|chat|phone|web|form|page|link|url|preferred|primary|secondary|private|privately|public|or|and|the|our|at|via|via:|to|by|on|for|a|in|responsible|disclosure|disclosures|platform|hackerone|bugcrowd|huntr|bounty|bug|bugs|issues?|problems?|psirt|csirt|cert|response|product|incident|officer|owner|author|name|who|where|method|methods|channel|channels|option|options|github|gitlab|forge|advisory|advisories|tracker|mailing|encrypted|backup|alternative|alternatively|emergency|urgent|main|first|second|id|id:|direct|use|policy|central|escalation|point|of|person|project|us|me|please|code|plus|also|same|core|developer|developers|dev|open|new|draft|submit|program|programme|send|write)$"
);
// Somebody is turned away, or what is sent is thrown away.
pattern!(
    TURNS_AWAY,
    r"\b(?:stop|stops|avoid|refrain|cease|quit|forgo|desist|abstain|think twice|hold off)\b|\b(?:refus\w+|forbid\w*|forbade|prohibit\w*|ban|bans|banned|disallow\w*|unwelcome|unwanted|undesired|uninvited|discourag\w*|shred\w*|trash\w*|bin|bins|binned|dustbin|wastebasket|rubbish|garbage|junk|spam folder|sue|sues|sued|suing|prosecut\w*|lawsuits?|lawyers?|attorneys?|punish\w*|fined|laugh\w*|mock\w*|hopeless|futile|regret|blacklist\w*|blackhol\w*|burn\w*|forgotten|hates?|hated|dislikes?|nuisance|annoy\w*|bothers?|bothered|scam|hoax|pretend\w*|imaginary|fictional|turned (?:down|away)|sent back|return(?:ed)? to sender|blocked|blocks?|dismiss\w*|rejects?|rejected|declines?|declined|deleted?|deletes|discard\w*|erased?|dumped|threw|thrown|toss\w*|silenced?|muted|decided against|decided not|opted not|opt not|keep (?:it|them|this|that) (?:to|for) yoursel\w+|go away|leave us|nope|shame|pointless|useless|worthless|in vain|too late|too busy|no-one|nobody|bounces?|bounced|dead|defunct|retired|expired|vacant|dissolved|disbanded|hacked|compromised|fork (?:it|this|the)|(?:own|your) (?:peril|risk|cost)|jok(?:e|es|ing)|kidding|sarcas\w+|ironic\w*|no (?:interest|intention|desire|wish|patience|use for|time for|appetite)|(?:none|nothing) (?:of|from|about) (?:it|them|this|that|you|your\w*)|(?:closed|offline|suspended|inactive|disabled|deactivated|ended) (?:since|until|for|from|as of|in|on))\b|\b(?:old|former|previous|past|ex|outdated|obsolete|historic(?:al)?|wrong|invalid|fake|dummy|bogus|test|sample|example) (?:\w+ ){0,2}?(?:contacts?|address(?:es)?|e-?mails?|mailbox(?:es)?|maintainers?|polic(?:y|ies)|lists?|teams?|owners?|authors?)\b|\bused to (?:be|read|take|accept|answer|reach|work)\b|\b(?:moved|closed|shut|switched off|turned off|offline|gone|full|broken|removed) (?:away|down|on|up)?\s*$|\b(?:was|were|had been|have been|has been) (?:\w+ )?(?:the|our|an?|for|read|answered|taken|accepted|valid|used|closed|moved|removed|disabled|deactivated|suspended|switched off|turned off|shut)\b"
);
// What is held against the reporter, whatever it depends on.
pattern!(
    THREATENS,
    r"\b(?:you|they|reporters?|researchers?|anyone|anybody|whoever|everyone|he|she|who|us|them)\b[^.;]{0,100}\b(?:will|shall|may|can|could|would|might|gets?|is|are|be|being|risks?) (?:\w+ )?(?:be |getting |being )?(?:sued|prosecuted|banned|blocked|punished|fined|arrested|reported to|blacklisted|a lawsuit)\b"
);
// What the reporter is asked to leave for the sake of all, or what holds for a part alone.
pattern!(
    KIND_TURNS,
    r"\b(?:use|used|using|provided)(?: it| this| this software)? at your own risk\b|\b(?:stop|avoid|refrain(?:ing)? from|refrain|abstain from|hold off)\b[^.;]{0,40}\b(?:public\w*|open(?:ing)?|fil(?:e|ing)|creat(?:e|ing)|post(?:ing)?|disclos\w*|shar\w*|publish\w*|discuss\w*|exploit\w*|access\w*|issues?|tracker|forum|pull requests?|discussions?|social media|channels?|spam\w*|privacy|harm\w*|damag\w*|destr\w*|disrupt\w*|degrad\w*|attacks?|testing|viol\w*|delays?|duplicates?|others?|anyone|third[- ]part\w+|details?|sensitive|denial|automated)\b|\b(?:refrain(?:ing)? from|avoid(?:ing)?):?\s*$|\b(?:not|never|no|n['’]t|without|nor|against|waive\w*|refrain)\b[^.;]{0,80}\b(?:legal|sue|sued|suing|prosecut\w*|lawsuits?|lawyers?|bann?e?d?|punish\w*|blocked|regret|dismiss\w*)\b|\b(?:phishing|vishing|smishing|attacks?|testing|tests|engineering|denial|dos|ddos|spam\w*|scanning|scans)\b[^.;]{0,60}\b(?:prohibited|forbidden|disallowed|banned|not allowed)\b|\bunwanted (?:actions?|effects?|behaviou?r)\b|\b(?:accepted|confirmed|approved|valid) (?:and|or|nor) (?:\w+ )?(?:declined?|rejected|dismissed|refused)\b|\b(?:if|when|whether|should|where|unless|in case|once)\b[^.;]{0,100}\b(?:declined?s?|rejects?|rejected|refus\w+|dismiss\w*|closed)\b|\b(?:old|former|previous|past|outdated|obsolete|retired|defunct|expired|dead|eol|historical) (?:\w+ ){0,2}?(?:versions?|releases?|branch\w*|series|lines?|code|software|browsers?|tls|keys?|links?|advisor\w+|vulnerabilit\w+|issues?|reports?|incidents?)\b|\b(?:test|sample|example) (?:\w+ )?(?:e-?mails?|accounts?)\b|\b(?:has|have|had|was|were) been (?:\w+ )?(?:for \d|fixed|resolved|addressed|verified|confirmed|released|disclosed|published|closed|reported|notified|read)\b|\b(?:was|were) (?:\w+ )?(?:the|our|an?|for|read|used) (?:vulnerab\w+|issue|report|bug|problem|affected|result|cause)\b|\bexpired?(?:s)? (?:certificate|session|token|key)s?\b|\bdead ?lock\w*|\bdelet(?:e|ed|es|ing) (?:\w+ ){0,3}?(?:data|files?|users?|accounts?|records?|information|copies|cop(?:y|ies))\b|\bcode (?:\w+ )?(?:junk|garbage)\b|\bgarbage (?:collect|data|input)\w*|\bblocks? (?:of|list|chain|size|the release)\b|\bburn\w* out\b"
);
// A sentence that is no more than a refusal.
pattern!(
    BARE_NO,
    r"^(?:but |and |or |so |well |just |kindly |please ){0,3}(?:do not|don['’]t|no|nope|never|not|never mind|not here|not now|not any ?more|no thanks?(?: you)?|no way|rather not|better not|forget (?:it|about it)|do no such thing|or (?:rather )?not|just kidding|only joking)(?: please| bother| do (?:so|it|that)| today| here| ever| thanks?| any ?more)?\W*$"
);
// Words of what such pages say: what the maker does with a report, what the reporter is asked for, for what it holds.
pattern!(
    USUAL,
    r"\b(?:respon[ds]\w*|acknowledg\w*|repl(?:y|ies|ied)|answer\w*|confirm\w*|investigat\w*|review\w*|fix\w*|address(?:ed|ing)|resolv\w*|work\w*|keep|kept|inform\w*|notif\w*|updat\w*|credit\w*|publish\w*|releas\w*|coordinat\w*|co-ordinat\w*|disclos\w*|handl\w*|treat\w*|evaluat\w*|assess\w*|triag\w*|validat\w*|verif\w*|determin\w*|prepar\w*|patch\w*|thank\w*|appreciat\w*|welcom\w*|grateful\w*|glad\w*|happy|love|value\w*|serious\w*|priorit\w*|critical\w*|sever\w*|confidential\w*|privat\w*|pgp|gpg|openpgp|keys?|fingerprint|encrypt\w*|decrypt\w*|sign(?:ed|ing|ature)\w*|bount\w*|reward\w*|swag|compensat\w*|hall of fame|steps?|reproduc\w*|proof|poc|impact\w*|versions?|supported|maintain(?:ed|ers?)|support|advisor\w*|cve|cves|embargo\w*|timel\w*|timeframe|promptly|quickly|soon\w*|hours?|days?|weeks?|months?|good faith|safe harbou?r|scope|includ\w*|provid\w*|describ\w*|description|details?|detailed|attach\w*|subject|format|logs?|screenshots?|please|allow\w*|give|wait\w*|follow\w*|help\w*|protect\w*|improv\w*|secur\w*|responsib\w*|public\w*|issues?|tracker|duplicate\w*|scanners?|automated|english|language\w*|policy|polic(?:y|ies)|process\w*|procedure\w*|guid\w*|document\w*|contact\w*|e-?mails?|mailing|team|questions?|list|form|button|tab|page|github|gitlab|hackerone|program\w*|platform|researchers?|communit\w*|contribut\w*|mitigat\w*|workaround\w*|remediat\w*|affect\w*|effort\w*|commit\w*|strive\w*|aim\w*|best|expect\w*|receiv\w*|hear|ask\w*|request\w*|additional|information|encourag\w*|urge\w*|recommend\w*|prefer\w*|suspect\w*|believe|discover\w*|found|find\w*|identif\w*|aware|concern\w*|one \w+ per|hello|hi|thanks|cheers|welcome|yes|sincerely|regards|report (?:it|them|this|these|any|all|a|the|security|vulnerabilit\w+|via|through|to|privately)|if you|to report|when reporting|disagree\w*|differ\w*|(?:is|are|be) (?:\w+ )?(?:accepted|valid|legitimate)|say whether|everything else|lines?|consider\w*|examples?|third[- ]part\w*|upstream|dependenc\w*|(?:use|used|using|provided) (?:\w+ ){0,2}?at your own risk|as \w+ as possible|(?:are|is) (?:\w+ )?known|anonymous\w* (?:reports? )?(?:are|is) (?:\w+ )?(?:fine|ok|okay|possible|accepted)|we pay|we (?:will )?(?:tell|explain))\b"
);
// What a sentence is about that has to be understood.
pattern!(
    OF_REPORTS,
    r"\b(?:reports?|reporters?|reporting|mails?|e-?mails?|messages?|inbox|mailbox|address|submissions?|holes?|whoever|anyone)\b"
);
pattern!(OF_SOMEBODY, r"\b(?:you|your|yours|yourself|we|us|i|me|they|them|it|vulnerabilit\w+)\b");
// Such words of a heading say that what is below it is not meant.
pattern!(
    NOT_MEANT,
    r"\b(?:not|never|no longer|old|former|previous|past|obsolete|deprecated|retired|archived?|historic(?:al)?|history|examples?|samples?|templates?|drafts?|proposals?|ideas?|todo|tbd|fixme|fiction\w*|invalid|wrong|bad|outdated)\b"
);
pattern!(
    EXAMPLE,
    r"\b(?:an? |this |the |some |following |for )?(?:examples?|samples?|templates?|instance|imagine|suppose|quot(?:e|es|ed|ing|ation)|wrote|writes|said|says|boilerplate)\b"
);

// What the address is left out of.
pattern!(
    EXCLUDES,
    r"\b(?:but|except|not|rather than|instead of|other than|apart from|besides|save|without|never|minus)(?: for)?\s+(?:to |at |via |by |with |using |on |the |address |our |writing |mailing |e-?mailing |contacting |sending |it |them ){0,4}[<(]?@"
);
// What takes back the request before an address.
pattern!(
    DENIES,
    r"\b(?:no|none|nothing|never|nobody|no one|not|neither|nor|hardly|rarely|seldom|cannot|without|less|fewer|illegal|unlawful|criminal|unwise|stupid|foolish|rude|impolite|impossible|dangerous|risky|costly|expensive|wrong|bad idea|jokes?|joking|kidding|unless)\b|n['’]t\b"
);
pattern!(
    KIND_NOT,
    r"\b(?:do not|don['’]t|never) (?:hesitate|worry)|\bnot (?:sure|certain|only|limited|yet|already|covered|able|possible)\b|\b(?:cannot|can['’]t|can not|do not|don['’]t|does not|doesn['’]t|did not|didn['’]t|have not|haven['’]t|not|no) (?:\w+ )?(?:use|access|reach|have|want|wish|get|got|receive|received|hear|heard|like|prefer|find|feel|able|available|account|response|reply|answer)\b|\bno matter\b|\bwhether or not\b|\bno later\b"
);

// A program does it, and nobody is asked to.
pattern!(
    BY_A_MACHINE,
    r"\b(?:dependabot|renovate|snyk|codeql|trivy|scanner|analy[sz]er|linter|tool|server|client|daemon|bot|script|action|workflow|job|hook|service|app|application|library|plugin|command|agent)s? (?:(?:will|can|could|may|shall|does) (?:\w+ )?(?:send|report|e-?mail|mail|notify|submit|alert|write|post|forward)|(?:\w+ly )?(?:sends|reports|e-?mails|notifies|submits|posts|prints|writes|logs|forwards))\b"
);
// The words of a sample, of a letter, or an address that is one of several that could be meant.
pattern!(
    SHOWN,
    r"\b(?:policy|policies|page|text|template|document|section|sentence|example|sample)\b[^.;:@]{0,40}\b(?:says?|said|reads?|looks?|might|could|goes|like)\b[^.;:@]{0,20}:|\b(?:i|we) (?:would like|want|wish|['’]d like|have|hereby) (?:to )?report\b|^(?:dear|hello|hi|hey) [^.;]{0,30}, (?:i|we)\b|\b(?:e\.g\.?|for example|for instance|such as|like),? [<(]?@"
);

/// `clause` with `@` in place of each of `addresses`.
pub(super) fn without_addresses<'a>(clause: &str, addresses: impl Iterator<Item = &'a str>) -> String {
    addresses.fold(clause.replace("%40", "@"), |text, address| text.replace(address, "@"))
}

/// Is `clause`, in which `@` is the address, of a sentence that asks for something at it? `lead` is the sentence before it where
/// that ends with a colon, and else the heading.
pub(super) fn asks(sentence: &str, clause: &str, lead: &str) -> bool {
    let before = clause.rsplit_once('@').map_or("", |(before, _)| before);
    let before = KIND_NOT.as_ref().map_or(before.into(), |kind| kind.replace_all(before, " "));
    if fits(&TURNS_AWAY, clause) || sentence.ends_with('?') || fits(&EXCLUDES, sentence) || fits(&DENIES, &before) {
        return false;
    }
    if moments::is_of_another_time(sentence) || fits(&BY_A_MACHINE, sentence) || fits(&SHOWN, sentence) {
        return false;
    }
    is_label(clause, lead) || fits(&BARE_REQUEST, lead) && is_label(sentence, lead) || {
        let before = sentence.rsplit_once('@').map_or(sentence, |(before, _)| before);
        (fits(&REQUEST, sentence) || fits(&REQUESTED, sentence)) && fits(&WAY, before) || fits(&NAMED_WAY, sentence)
    }
}

pattern!(
    BARE_REQUEST,
    r"\b(?:report\w*|contact\w*|disclos\w*|e-?mail\w*|mail|write|reach|send|submit|security|vulnerabilit\w+)\b"
);

/// Is it an address with no more than a label or the name of a person?
fn is_label(clause: &str, lead: &str) -> bool {
    let words: Vec<&str> = clause
        .split(|letter: char| {
            letter.is_whitespace() || matches!(letter, ':' | '|' | '/' | '(' | ')' | ',' | '<' | '>' | '=')
        })
        .map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != '@'))
        .filter(|word| word.chars().any(char::is_alphabetic))
        .collect();
    let is_code = |word: &str| {
        word.contains(|letter: char| letter.is_ascii_digit())
            && word.chars().all(|letter| letter.is_ascii_digit() || "xXabcdefABCDEF".contains(letter))
    };
    let others: Vec<&&str> =
        words.iter().filter(|word| !word.contains('@') && !fits(&LABEL, word) && !is_code(word)).collect();
    let is_name =
        |word: &&&str| word.starts_with(char::is_uppercase) || word.chars().any(|letter| letter.is_ascii_digit());
    words.len() <= 12
        && (others.is_empty()
            || others.len() <= 4 && fits(&BARE_REQUEST, lead) && others.len() >= 2 && others.iter().all(is_name))
}

/// Does it turn reporters away, or say that they are? What is `bounded` to a part of the reports does not.
pub(super) fn turns_away(sentence: &str, bounded: bool) -> bool {
    let rest = without_kind_turns(sentence);
    fits(&BARE_NO, sentence) || fits(&THREATENS, &rest) || fits(&TURNS_AWAY, &rest) && !bounded
}

fn without_kind_turns(sentence: &str) -> Cow<'_, str> {
    KIND_TURNS.as_ref().map_or(sentence.into(), |kind| kind.replace_all(sentence, " "))
}

/// How near to an address a sentence makes it doubtful.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// In the same paragraph.
    Paragraph,
    /// In the paragraphs next to it.
    Next,
    /// In the whole section, and in those above and below it.
    Section,
}

/// How far it reaches where it is of none of the kinds of sentences that such pages consist of.
pub(super) fn unusual(sentence: &str, bounded: bool) -> Option<Reach> {
    let words = sentence.split_whitespace().count();
    let is_question = sentence.ends_with('?') && words <= 6;
    let leads = sentence.ends_with(':') && (fits(&REQUEST, sentence) || fits(&REQUESTED, sentence));
    let of_somebody = fits(&OF_SOMEBODY, sentence);
    // A point of a list that names a matter.
    let is_mark = |first: char| matches!(first, '-' | '*' | '+') || first.is_ascii_digit();
    let is_item = sentence.starts_with(is_mark) && words <= 6 && !of_somebody;
    if bounded || is_question || leads || is_item || fits(&USUAL, sentence) {
        return None;
    }
    Some(if fits(&OF_REPORTS, sentence) {
        Reach::Section
    } else if of_somebody {
        Reach::Next
    } else {
        Reach::Paragraph
    })
}

/// Is what is below `heading`, or behind `lead` that ends with a colon, not meant?
pub(super) fn is_not_meant(heading: &str) -> bool {
    let public = heading.to_lowercase().contains("public");
    fits(&NOT_MEANT, &without_kind_turns(heading)) && !public || turns_away(heading, false)
}

/// Is what follows the sentence shown as an example alone?
pub(super) fn leads_to_example(before: &str) -> bool {
    before.trim_end().ends_with(':') && fits(&EXAMPLE, before)
}
