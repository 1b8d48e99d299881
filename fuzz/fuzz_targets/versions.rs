//! Three versions of any scheme, in whatever order they have.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_versions::Scheme;

fuzz_target!(|texts: (&str, &str, &str)| {
    for scheme in Scheme::ALL {
        let order = |one, other| scheme.compare(one, other).ok();
        let (one, other, third) = texts;
        assert_eq!(order(one, other), order(other, one).map(std::cmp::Ordering::reverse));
        if let (Some(first), Some(second)) = (order(one, other), order(other, third))
            && (first == second || second.is_eq())
        {
            assert_eq!(order(one, third), Some(first));
        }
    }
});
