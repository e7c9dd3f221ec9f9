//! What a browser's driver understands besides the commands of the standard.

use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

#[derive(Debug)]
pub enum Command {
    /// A command of the browser's own protocol and its parameters.
    Chrome(&'static str, Value),
    /// What the console has said since it was last asked.
    Console,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        let session = session.unwrap_or_default();
        let command = match self {
            Command::Chrome(..) => "goog/cdp/execute",
            Command::Console => "se/log",
        };
        base.join(&format!("session/{session}/{command}"))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = match self {
            Command::Chrome(name, parameters) => {
                json!({ "cmd": name, "params": parameters })
            }
            Command::Console => json!({ "type": "browser" }),
        };
        (Method::POST, Some(body.to_string()))
    }
}
