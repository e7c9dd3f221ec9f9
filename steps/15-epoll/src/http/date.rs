use std::time::{Duration, SystemTime, UNIX_EPOCH};

#[derive(Default)]
pub struct Date {
    second: u64,
    text: String,
}

impl Date {
    pub fn line(&mut self) -> &str {
        let now = SystemTime::now();
        let second = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        if self.text.is_empty() || second != self.second {
            self.second = second;
            let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(second));
            self.text = format!("Date: {date}\r\n");
        }
        &self.text
    }
}
