//! Jobs that wait for others.

use std::collections::BTreeMap;

/// A job that waits for itself, through others or not. Names that are no jobs are passed over.
pub(super) fn waits_for_itself<'a>(needs: &[(&'a str, Vec<&'a str>)]) -> Option<&'a str> {
    let places: BTreeMap<&str, usize> = needs.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect();
    let mut behind: Vec<Vec<usize>> = vec![Vec::new(); needs.len()];
    let mut left: Vec<usize> = vec![0; needs.len()];
    for (at, (_, own)) in needs.iter().enumerate() {
        for place in own.iter().filter_map(|name| places.get(name)) {
            if let (Some(list), Some(count)) = (behind.get_mut(*place), left.get_mut(at)) {
                list.push(at);
                *count += 1;
            }
        }
    }
    let mut ready: Vec<usize> = (0..needs.len()).filter(|at| left.get(*at) == Some(&0)).collect();
    while let Some(at) = ready.pop() {
        for next in behind.get(at).into_iter().flatten() {
            if let Some(count) = left.get_mut(*next) {
                *count -= 1;
                if *count == 0 {
                    ready.push(*next);
                }
            }
        }
    }
    let at = left.iter().position(|count| *count > 0)?;
    needs.get(at).map(|(id, _)| *id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_found_and_a_chain_is_none() {
        let of = |rows: &[(&'static str, &[&'static str])]| {
            let rows: Vec<_> = rows.iter().map(|(id, needs)| (*id, needs.to_vec())).collect();
            waits_for_itself(&rows)
        };
        assert_eq!(of(&[("a", &[]), ("b", &["a", "a"]), ("c", &["a", "b", "none"])]), None);
        assert_eq!(of(&[("a", &["a"])]), Some("a"));
        assert_eq!(of(&[("x", &[]), ("a", &["b"]), ("b", &["c", "x"]), ("c", &["a"])]), Some("a"));
        // A long chain does not take long.
        let names: Vec<String> = (0..30_000).map(|number| format!("j{number}")).collect();
        let chain: Vec<(&str, Vec<&str>)> = names
            .iter()
            .enumerate()
            .map(|(at, name)| (name.as_str(), names.get(at + 1).map(String::as_str).into_iter().collect()))
            .collect();
        assert_eq!(waits_for_itself(&chain), None);
    }
}
