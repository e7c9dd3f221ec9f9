//! The Location of what is on the same server: a relative reference, so that it holds behind
//! a proxy that has taken a prefix off the path.

use url::Url;

use crate::client::http::response::Response;
use crate::evidence::failure::Attempt;

impl Response {
    /// Where Location leads from this target: a path, and a query if there is one.
    pub(crate) fn relative_location(&self, target: &str) -> Attempt<String> {
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
    pub(crate) fn expect_location(&self, from: &str, to: &str) -> Attempt {
        let place = self.relative_location(from)?;
        self.expect_fact("the field Location", to, place)
    }
}

fn path_and_query(url: &Url) -> String {
    let query = url.query().map(|query| format!("?{query}"));
    format!("{}{}", url.path(), query.unwrap_or_default())
}
