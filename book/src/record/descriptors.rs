//! The rule **descriptors**: numbered as if 3 were the first free one, as in a terminal.

use std::collections::BTreeMap;

use super::facts::Call;

#[derive(Default)]
pub struct Descriptors {
    shown: BTreeMap<u32, u32>,
}

impl Descriptors {
    /// The same call with the numbers that are shown. Calls come in order.
    pub fn renumber(&mut self, call: &Call) -> Call {
        let mut renumbered = call.clone();
        if call.descriptor().is_some() {
            renumbered.args = self.first(&call.args);
        }
        if call.name == "sendfile"
            && let Some((to, rest)) = renumbered.args.split_once(", ")
        {
            renumbered.args = format!("{to}, {}", self.first(rest));
        }
        if call.name.contains("poll") {
            renumbered.args = self.polled(&call.args);
            renumbered.result = call.result.as_ref().map(|result| self.polled(result));
        }
        if let Some(made) = call.made() {
            let free = (3..).find(|it| !self.shown.values().any(|shown| shown == it));
            let free = free.unwrap_or(made);
            self.shown.insert(made, free);
            renumbered.result = Some(free.to_string());
        }
        if call.name == "close"
            && call.result.is_some()
            && let Some(number) = call.descriptor()
        {
            self.shown.remove(&number);
        }
        renumbered
    }

    /// With the number that is shown at the beginning.
    fn first(&self, args: &str) -> String {
        let rest = args.trim_start_matches(|it: char| it.is_ascii_digit());
        let number = args[..args.len() - rest.len()].parse().ok();
        match number.and_then(|number: u32| self.shown.get(&number)) {
            Some(shown) => format!("{shown}{rest}"),
            None => args.to_string(),
        }
    }

    fn polled(&self, text: &str) -> String {
        const NUMBER: &str = "fd=";
        let mut pieces = text.split(NUMBER);
        let mut polled = pieces.next().unwrap_or_default().to_string();
        for piece in pieces {
            let digits = piece.len()
                - piece.trim_start_matches(|it: char| it.is_ascii_digit()).len();
            let number: u32 = piece[..digits].parse().unwrap_or_default();
            let shown = self.shown.get(&number).copied().unwrap_or(number);
            polled.push_str(&format!("{NUMBER}{shown}{}", &piece[digits..]));
        }
        polled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(name: &str, args: &str, result: &str) -> Call {
        Call { name: name.into(), args: args.into(), result: Some(result.into()) }
    }

    #[test]
    fn the_lowest_free_number_is_shown() {
        let mut descriptors = Descriptors::default();
        assert_eq!(descriptors.renumber(&call("socket", "AF_INET", "7")).made(), Some(3));
        assert_eq!(
            descriptors.renumber(&call("accept4", "7, NULL", "9")).made(),
            Some(4)
        );
        let polled = descriptors.renumber(&call(
            "poll",
            "[{fd=7, events=POLLIN}, {fd=9, events=POLLIN}], 2, -1",
            "1 ([{fd=9, revents=POLLIN}])",
        ));
        assert_eq!(polled.args, "[{fd=3, events=POLLIN}, {fd=4, events=POLLIN}], 2, -1");
        assert_eq!(polled.result.as_deref(), Some("1 ([{fd=4, revents=POLLIN}])"));
        let opened = descriptors.renumber(&call("openat2", r#"8, "./a", {}, 24"#, "12"));
        assert_eq!(opened.made(), Some(5));
        let sent = call("sendfile", "9, 12, [0] => [9], 9", "9");
        assert_eq!(descriptors.renumber(&sent).args, "4, 5, [0] => [9], 9");
        assert_eq!(descriptors.renumber(&call("close", "9", "0")).args, "4");
        assert_eq!(
            descriptors.renumber(&call("accept4", "7, NULL", "8")).made(),
            Some(4)
        );
    }
}
