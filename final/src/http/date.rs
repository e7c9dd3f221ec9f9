//! The Date field (RFC 9110, section 6.6.1), formatted once a second.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The line with the current date.
#[derive(Default)]
pub struct Date {
    second: u64,
    text: String,
    is_current: bool,
}

impl Date {
    /// The line with the date of now, as in `Date: Sun, 06 Nov 1994 08:49:37 GMT` (IMF-fixdate).
    pub fn line(&mut self) -> &str {
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
            let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(second));
            self.text = format!("Date: {date}\r\n");
        }
    }
}
