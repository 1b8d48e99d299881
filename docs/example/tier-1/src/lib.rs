//! Reads a table of tides, and finds high water in it.
#![forbid(unsafe_code)]

/// Height of the water at a time of day, in minutes and centimetres.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Height {
    pub minute: u16,
    pub centimetres: i32,
}

/// Reads one height from a line such as `06:30 412`, or gives nothing where it is something else.
pub fn height(line: &str) -> Option<Height> {
    let (time, centimetres) = line.trim().split_once(' ')?;
    let (hours, minutes) = time.split_once(':')?;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    Some(Height { minute: hours * 60 + minutes, centimetres: centimetres.trim().parse().ok()? })
}

/// The highest water of a table, the earliest of equal ones.
pub fn high_water(table: &str) -> Option<Height> {
    table.lines().filter_map(height).reduce(|best, one| if one.centimetres > best.centimetres { one } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_of_a_table_is_found() {
        let table = "00:10 120\n06:30 412\nlow water\n18:55 398\n";
        assert_eq!(high_water(table), Some(Height { minute: 390, centimetres: 412 }));
        assert_eq!(high_water(""), None);
    }

    #[test]
    fn what_is_no_height_is_left_out() {
        for line in ["", "noon 3", "24:00 3", "06:61 3", "06:30", "06:30 high"] {
            assert_eq!(height(line), None, "{line}");
        }
    }
}
