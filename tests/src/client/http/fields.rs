//! Fields of a response, and what they mean. A Location of what is on the same server is a
//! relative reference, so that it holds behind a proxy that has taken a prefix off the path.

use std::time::{Duration, SystemTime};

use url::Url;

use super::response::Response;
use crate::evidence::failure::Attempt;

impl Response {
    /// A response to HEAD has the fields of the one to GET.
    pub fn expect_fields_of(&self, get: &Response, target: &str) -> Attempt {
        let what = format!("the fields of HEAD {target}");
        self.expect_fact(&what, get.lasting_fields(), self.lasting_fields())
    }

    /// All fields but those of the moment, in whatever order.
    fn lasting_fields(&self) -> String {
        let fields = self.fields.iter();
        let lasting = fields.filter(|(name, _)| !name.eq_ignore_ascii_case("date"));
        let mut lines: Vec<String> =
            lasting.map(|(name, value)| format!("{name}: {value}")).collect();
        lines.sort();
        lines.join(", ")
    }

    /// RFC 9110, section 7.6.1.
    pub fn says_close(&self) -> bool {
        let values = self.values("Connection").into_iter();
        let mut tokens = values.flat_map(|value| value.split(','));
        tokens.any(|token| token.trim().eq_ignore_ascii_case("close"))
    }

    /// RFC 9110, section 8.3.1: `text/html`, with parameters or without.
    pub fn expect_media_type(&self) -> Attempt {
        let value = self.field("Content-Type").unwrap_or_default();
        let essence = value.split(';').next().unwrap_or_default().trim();
        let is_one = essence.split('/').filter(|part| !part.is_empty()).count() == 2;
        match is_one {
            true => Ok(()),
            false => self.expect_field("Content-Type", "a media type"),
        }
    }

    /// RFC 9110, section 6.6.1, and the one form of a date in section 5.6.7 that is to be
    /// sent.
    pub fn date_of_now(&self) -> Attempt<SystemTime> {
        const MINUTE: Duration = Duration::from_secs(60);
        let value = self.field("Date").unwrap_or_default();
        let now = SystemTime::now();
        let date = httpdate::parse_http_date(value).unwrap_or(SystemTime::UNIX_EPOCH);
        self.expect_fact("the form of Date", httpdate::fmt_http_date(date), value)?;
        let ahead = date.duration_since(now).unwrap_or_default();
        let behind = now.duration_since(date).unwrap_or_default();
        if ahead.max(behind) > MINUTE {
            self.expect_field("Date", &httpdate::fmt_http_date(now))?;
        }
        Ok(date)
    }

    /// Where Location leads from this target: a path, and a query if there is one.
    pub fn relative_location(&self, target: &str) -> Attempt<String> {
        let location = self.field("Location").unwrap_or_default();
        let first = location.split(['/', '?']).next().unwrap_or_default();
        let is_relative = !first.is_empty() && !first.contains(':');
        let expected = "relative to the path of the request";
        let received = if is_relative { expected } else { location };
        self.expect_fact("the field Location", expected, received)?;
        let base = Url::parse(&format!("http://localhost{target}"));
        let place = base.and_then(|base| base.join(location));
        Ok(place.map_or_else(|error| error.to_string(), |it| path_and_query(&it)))
    }

    /// Location leads from one target to another.
    pub fn expect_location(&self, from: &str, to: &str) -> Attempt {
        let place = self.relative_location(from)?;
        self.expect_fact("the field Location", to, place)
    }
}

fn path_and_query(url: &Url) -> String {
    let query = url.query().map(|query| format!("?{query}"));
    format!("{}{}", url.path(), query.unwrap_or_default())
}
