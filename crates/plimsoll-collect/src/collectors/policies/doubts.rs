//! Sentences that take back what a policy offers: reports are not read, are not read yet, or were read once.

use std::borrow::Cow;

use super::patterns::{fits, pattern};

// What reports are sent to, and what becomes of them.
pattern!(
    CHANNEL,
    r"\b(?:reports?|submissions?|disclosures?|e-?mails?|mails?|messages?|tickets?|inbox\w*|mailbox\w*|address\w*|list|form|project|repositor\w+|repo|crate|package|librar(?:y|ies)|software|program(?:me)?|policy|page|document|file|channel|team|process|contact|it|this|these|those|they|them|us|we|i|everything|anything|all|you|maintainers?|holes?|vulnerabilit\w+|issues?|bugs?|problems?)\b"
);
// Words that no policy in force has of itself.
pattern!(
    DEAD,
    r"\b(?:(?:go|goes|left|stays?|remains?|is|are) (?:\w+ )?unread|ignored?|ignoring|ignores|un-?monitored|unattended|unanswered|unstaffed|discard(?:s|ed)?|(?:is|are|be|get|gets) (?:\w+ )?(?:dropped|deleted|rejected|bounced?|lost|binned|thrown away|dismissed|shredded|filtered out)|bounces?|black ?hole|trash|spam folder|waste of time|in vain|pointless|useless|defunct|inactive|shut down|closed down|abandoned|unmaintained|archived|(?:is|are|was|been|now) (?:\w+ )?(?:deprecated|discontinued|retired|orphaned|obsolete|suspended|paused|disabled|closed|dead|gone|vacant|fictional|imaginary|fake)|on hold|(?:end[- ]of[- ]life|eol)|/dev/null|does nothing|for illustration|only an example|not real|a joke)\b|/dev/null"
);
// What is not done.
pattern!(
    UNDONE,
    r"\b(?:not|never|no longer|nobody|no one|none of|cannot|can[’']t|won[’']t|don[’']t|doesn[’']t|isn[’']t|aren[’']t|rarely|seldom|hardly|barely|unlikely to|unable to|stopped|ceased|refuses?|refused|declines?|declined)\b (?:[\w’'-]+ ){0,4}?(?:accept(?:s|ed|ing)?|reads?|reading|monitor(?:s|ed|ing)?|check(?:s|ed|ing)?|watch(?:es|ed|ing)?|answer(?:s|ed|ing)?|respon(?:d|ds|ded|ding)|repl(?:y|ies|ied|ying)|react(?:s|ing)?|review(?:s|ed|ing)?|process(?:es|ed|ing)?|handl(?:e|es|ed|ing)|investigat(?:e|es|ed|ing)|triag(?:e|es|ed|ing)|look(?:s|ed|ing)? (?:at|into)|act(?:s|ed|ing)? on|deliver(?:s|ed)?|acknowledg(?:e|es|ed|ing)|want(?:s|ed)? (?:any|reports|mail)|care|cares|maintain(?:s|ed|ing)?|staffed|active|available|operational|in use|in force|in effect|interested|welcome|wanted|deal(?:s|t|ing)? with|be (?:fixed|addressed|considered)|fix (?:any|reported|vulnerabilit\w+|holes|security|them|it)|(?:take|takes|taken|taking) (?:any|reports?|action on))\b"
);
pattern!(
    UNDONE_OTHERWISE,
    r"\b(?:do not|don[’']t) bother\b|\bexpect (?:nothing|no (?:\w+ )?(?:answer|reply|response|fix|reaction|acknowledg\w+))|\b(?:(?:do|should|must|can) ?not|(?:do|should|ca)n[’']t) expect (?:an|any|a|us|any(?:one|body)|some(?:one|body)|much)\b|\bnowhere\b|\bwait\w* forever\b|\b(?:has|have|is) (?:\w+ )?no (?:\w+ )?(?:contact|address|mailbox|maintainer)s?\s*$|^(?:it|this|that|they|(?:this|the|that) (?:address|list|mailbox|form|e-?mail)) should not\b|\b(?:there is|there's|we have|has) (?:currently |yet )?(?:no|nobody|no one)(?: \w+){0,3} (?:behind|reading|watching|who (?:reads|answers)|to (?:read|handle|answer|process|receive))\b"
);
// Something of a report or of where it goes is denied, in whichever words.
pattern!(
    DENIED,
    r"\b(?:no|nobody|nothing|none|never|not|nowhere|neither)\b.{0,60}\b(?:reports?|inbox|mailbox|addresse?s?|e-?mails?|mails|messages?|folder|account)\b|\b(?:reports?|inbox|mailbox|addresse?s?|e-?mails?|mails?|messages?|folder|account)\b.{0,60}\b(?:no|nobody|nothing|none|never|not|nowhere|neither)\b"
);
// A denial that is to the reporter's good, or about what the reporter does.
pattern!(
    KINDLY,
    r"\b(?:do not|don[’']t|never|not to|should not|shouldn[’']t|must not|avoid|not (?:be )?(?:solely|just|merely|simply|exclusively|sued|prosecuted|punished|banned|disclos\w+|publish\w*|shar\w+|encrypt\w*|required|necessary|needed|sure|certain|on|in an?|via|through|by|as)|no (?:need|matter|later|more than|longer than)|whether or not|not only|private\w*|confidential\w*|details?|hear|heard|receiv\w*|signed|pgp|gpg|support questions?|abuse)\b|, not\b|\bnot (?:every|all)\b|\bnot (?:the|to the|our|an?|in|use)\b"
);
// What bounds a doubt to a part of the reports, to a time, or to another matter.
pattern!(
    BOUNDS,
    r"\b(?:if|unless|until|versions?|releases?|branch(?:es)?|older|scanners?|automated|automatically|without|spam|public\w*|tracker|forum|duplicates?|third[- ]part(?:y|ies)|upstream|dependenc(?:y|ies)|bount(?:y|ies)|rewards?|legal|lawsuits?|sue|out of scope|eligible|such as|features?|requests?|(?:reports?|issues|bugs|vulnerabilit\w+|problems) (?:about|on|regarding|that|which|from|against|concerning|for|with|in)|considered|qualify)\b"
);
pattern!(
    OF_ALL,
    r"\b(?:all (?:\w+ )?(?:reports?|mails?|e-?mails?|messages?|submissions?|issues)|every (?:report|mail|e-?mail|message)|everything|anything|whatsoever|at all)\b"
);
// A programme that was.
pattern!(
    ENDED,
    r"\b(?:bount(?:y|ies)|program(?:me)?)\b.{0,80}\b(?:is|are|was|were|has been|has|have) (?:now )?(?:closed|ended|over|suspended|paused|discontinued|retired|gone)\b"
);
// A sentence that asks something of the reporter.
pattern!(ASKS, r"^(?:please,? )?(?:do not|don[’']t|never|avoid|refrain)\b");
// What is not yet so.
pattern!(
    NOT_YET,
    r"\bnot (?:yet )?in (?:force|effect|use)\b|\b(?:plan(?:s|ned|ning)?|intend(?:s|ed)?|hop(?:e|es|ing)|want(?:s)?|going|aim(?:s)?) to (?:\w+ )?(?:set up|create|have|take|accept|open|offer|start|introduce|use|publish a|add|provide|read|monitor|receive|run|establish|launch|enable|appoint|write|define)\b|^planned\b|\b(?:is|are) (?:still |only )?(?:planned|proposed|tentative|provisional)\b|\b(?:a|in|still|is|only) draft\b|\bdraft (?:policy|document|version|text|page|only)\b|^(?:status: )?draft\b|\(draft\)|\bwork in progress\b|\bwip\b|\b(?:address|contact|mailbox|process|policy|program(?:me)?|form|team|list|channel|details|page|document|file) (?:will|shall) (?:\w+ )?be (?:set up|created|announced|added|available|published|opened|written|provided|filled|established|introduced|activated)\b|\b(?:we|i) (?:will|shall) (?:soon|eventually|some ?day|later|one day)\b|\b(?:do|does|is|are|have|has)(?: not|n[’']t) yet\b|\bcoming soon\b|\b(?:reports?|mails?) (?:would|could) (?:go|be)\b|\bonce (?:it|this|that|the (?:address|mailbox|process|team|page|program(?:me)?|list)) (?:exists?|works|(?:is|has been) (?:\w+ )?(?:set up|ready|live|available|active|created|there|working|open))\b"
);
pattern!(
    NOT_YET_KNOWN,
    r"\b(?:not yet|yet) (?:been )?(?:\w+ )?(?:disclos\w+|public|known|fixed|patched|released|reported|published)\b"
);
// What happened once.
pattern!(
    STORY,
    r"\b(?:in|on|since|during) (?:\w+ ){0,2}(?:19|20)\d\d\b.*\b(?:researchers?|reporter|users?|students?|found|wrote|mailed|contacted|reported|disclosed)\b"
);
pattern!(STORY_GOES_ON, r"\b(?:they|he|she|wrote|sent|mailed|reported|contacted|used)\b");

// What is said of the reports in general, although it looks like a bound.
pattern!(
    OF_THIS,
    r"\b(?:in|on|about|of|for|with|regarding|concerning|from|against) (?:this|our|the|my|its|any|all|every) (?:\w+ )?(?:project|software|program(?:me)?|package|crate|library|code|repository|repo|tool|product|product|versions?|releases?|mail|way|address)\b|\buntil (?:further notice|then|(?:19|20)\d\d)\b|\b(?:any|all|every|each) (?:versions?|releases?|branch(?:es)?)\b|\bwithout (?:(?:being )?(?:read|looked|look|review|any|notice|warning|answer|reply|a (?:look|reply|word|trace|glance))\w*|reading|looking|opening)"
);

/// Is it about a part of the reports, about a time, or about another matter?
pub(super) fn is_bounded(sentence: &str) -> bool {
    let rest = match OF_THIS.as_ref() {
        Some(general) => general.replace_all(sentence, " "),
        None => sentence.into(),
    };
    fits(&BOUNDS, &rest) && !fits(&OF_ALL, sentence)
}

/// May it mean that nobody reads reports, or not now? `heading` is the one that it is under.
pub(super) fn doubts(sentence: &str, heading: &str) -> bool {
    let bounded = is_bounded(sentence);
    let undone = fits(&UNDONE, sentence) && !fits(&ASKS, sentence) && !sentence.contains("hesitate");
    let dead = fits(&DEAD, sentence) && fits(&CHANNEL, sentence);
    let advisory = sentence.contains("advisor");
    let denied = fits(&DENIED, sentence) && !fits(&KINDLY, sentence) && !fits(&ASKS, sentence);
    (dead || undone || denied || fits(&UNDONE_OTHERWISE, sentence)) && !bounded
        || fits(&NOT_YET, sentence) && !advisory && !fits(&NOT_YET_KNOWN, sentence)
        || fits(&NOT_YET, heading)
        || fits(&ENDED, sentence)
}

// The whole is what is not filled in, and no detail of it.
pattern!(
    WHOLE,
    r"\b(?:this|the) (?:\w+ )?(?:policy|page|document|file|section|address|contact|process|mailbox|text)\b|\b(?:policy|address|contact|process|mailbox|details)\W+(?:tbd|todo)\b|\b(?:tbd|todo)\W+(?:policy|address|contact|process|mailbox|details)\b|\btext\b[^.;]{0,60}\bto be replaced\b|\b(?:todo|fixme|tbd)\W+(?:write|fill|add|complete|finish|describe|decide|check|ask|set)\b"
);

// The forge's own template has it above what is filled in, where it is often forgotten.
pattern!(LEFT_IN, r"^use this section to tell (?:people|them)\b");

/// Does a sentence with a mark of what is to be done say it of the policy as a whole?
pub(super) fn is_unfinished(sentence: &str) -> bool {
    sentence.split_whitespace().count() <= 2 || fits(&WHOLE, sentence) && !fits(&LEFT_IN, sentence)
}

// What becomes of what is no report.
pattern!(
    OF_OTHER_MAIL,
    r"\b(?:any |all )?other (?:\w+ )?(?:mails?|e-?mails?|messages?|requests?|questions?|matters?) (?:is|are|will be|gets?) (?:\w+ )?(?:ignored|deleted|discarded|dropped|unread|unanswered)\b"
);

/// The sentence without what it says of mails that are no reports.
pub(super) fn without_other_mail(sentence: &str) -> Cow<'_, str> {
    OF_OTHER_MAIL.as_ref().map_or(sentence.into(), |other| other.replace_all(sentence, " "))
}

/// Does it say what happened once?
pub(super) fn is_story(sentence: &str, before: &str) -> bool {
    fits(&STORY, sentence) || fits(&STORY, before) && fits(&STORY_GOES_ON, sentence)
}
