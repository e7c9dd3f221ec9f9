//! The Date field (RFC 9110, section 6.6.1), formatted once a second.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The current date as text.
#[derive(Default)]
pub struct Date {
    second: u64,
    text: String,
    is_current: bool,
}

impl Date {
    /// The date of now in IMF-fixdate, as in `Sun, 06 Nov 1994 08:49:37 GMT`.
    pub fn now(&mut self) -> &str {
        if !self.is_current {
            self.update();
        }
        &self.text
    }

    /// To be called when time may have passed. Reading the clock for each response would take an
    /// eighth of the time of a pipelined one.
    pub fn expire(&mut self) {
        self.is_current = false;
    }

    fn update(&mut self) {
        self.is_current = true;
        let now = SystemTime::now();
        let second = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        if self.text.is_empty() || second != self.second {
            self.second = second;
            self.text = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(second));
        }
    }
}
