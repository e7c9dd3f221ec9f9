//! The middle of what the rounds gave, and how far they are apart.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    pub lower_quartile: f64,
    pub median: f64,
    pub upper_quartile: f64,
}

impl Spread {
    /// Between two values, a quartile is where it divides the way from one to the other.
    ///
    /// # Panics
    ///
    /// If there are no values.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Spread {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = share * (values.len() - 1) as f64;
            let (below, above) =
                (values[place.floor() as usize], values[place.ceil() as usize]);
            below + (above - below) * place.fract()
        };
        let [lower_quartile, median, upper_quartile] = [0.25, 0.5, 0.75].map(at);
        Spread { lower_quartile, median, upper_quartile }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let Spread { lower_quartile, median, upper_quartile } = self;
        write!(out, "{median:.2} ({lower_quartile:.2}–{upper_quartile:.2})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_values_are_between_the_quartiles() {
        let seven = Spread::of([7.0, 1.0, 3.0, 2.0, 6.0, 5.0, 4.0]);
        let expected = Spread { lower_quartile: 2.5, median: 4.0, upper_quartile: 5.5 };
        assert_eq!(seven, expected);
        let two = Spread::of([4.0, 2.0]);
        assert_eq!(two, Spread { lower_quartile: 2.5, median: 3.0, upper_quartile: 3.5 });
        assert_eq!(two.to_string(), "3.00 (2.50–3.50)");
        assert_eq!(Spread::of([1.0]).to_string(), "1.00 (1.00–1.00)");
    }
}
