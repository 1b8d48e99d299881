//! Requests that hold at another time than now.

use super::patterns::{fits, pattern};

pattern!(
    OTHER_TIME,
    r"\b(?:until|till|before|prior to|up to|through) (?:the )?(?:\w+ ){0,3}?(?:19|20)\d\d\b|\b(?:from|after|as of|starting|beginning|effective) (?:in |on |from |with |the ){0,2}(?:\w+ ){0,3}?(?:19|20)\d\d\b|\b(?:from|after|before|until|till|starting with|as of) (?:the )?(?:version|release|v)\W?\d|\bvalid (?:until|till|through|to|from)\b|\b(?:next|last) (?:year|month|week|quarter|summer|winter|spring|autumn)\b|\bas soon as (?:we|i|this|the|it|our|somebody|someone|there)\b|\b(?:when|once|after) (?:the|this|our|it|we|somebody|someone|there)\b[^.;]{0,60}\b(?:exists?|set up|ready|live|hired|available|active|created|working|in place|launched|released|opened)\b|\bin (?:the )?(?:future|past|old days)\b"
);
// How soon something is done, and that of the reader.
pattern!(
    HOW_SOON,
    r"\bas soon as (?:we|i|it|this|the \w+) (?:can|could|are able|possibly|reasonably|get|receive|read|have (?:read|received|seen|looked)|is (?:possible|confirmed|fixed|found|reported|discovered|identified|received))\b"
);

/// Does the sentence ask for something until or from another time on?
pub(super) fn is_of_another_time(sentence: &str) -> bool {
    let rest = HOW_SOON.as_ref().map_or(sentence.into(), |soon| soon.replace_all(sentence, " "));
    fits(&OTHER_TIME, &rest)
}
