//! The middle of what the rounds gave, and how far they are apart.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Median {
    pub middle: f64,
    pub least: f64,
    pub most: f64,
}

/// Of an even number of values, the mean of the two in the middle.
///
/// # Panics
///
/// If there are no values.
pub fn of(values: impl IntoIterator<Item = f64>) -> Median {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let count = values.len();
    Median {
        middle: (values[(count - 1) / 2] + values[count / 2]) / 2.0,
        least: values[0],
        most: values[count - 1],
    }
}

impl fmt::Display for Median {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let Median { middle, least, most } = self;
        write!(out, "{middle:.2} ({least:.2}–{most:.2})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_the_median_and_the_ends_are_the_range() {
        assert_eq!(of([3.0, 1.0, 8.0]), Median { middle: 3.0, least: 1.0, most: 8.0 });
        assert_eq!(of([4.0, 2.0]), Median { middle: 3.0, least: 2.0, most: 4.0 });
        assert_eq!(of([1.5, 1.25]).to_string(), "1.38 (1.25–1.50)");
    }
}
