//! Chromium through its driver.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command as Process, Stdio};
use std::time::{Duration, Instant};

use checks::system::tool::left_out;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::command::Command;
use super::screen::Screen;

/// For a page, a script or what is waited for: many times as long as on an idle machine.
const PATIENCE: Duration = Duration::from_secs(300);

pub struct Browser {
    pub client: Client,
    driver: Child,
}

impl Browser {
    /// Starts Chromium without a window. None if it or its driver isn't installed; then the
    /// test can't be run, which is said, and in CI it is a failure.
    pub async fn start() -> Option<Browser> {
        let started = Process::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut driver) = started else {
            left_out("a test in a browser", "chromedriver (Debian: chromium-driver)");
            return None;
        };
        let lines = BufReader::new(driver.stdout.take().expect("a pipe")).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            line.split_once("successfully on port ")?
                .1
                .trim_end_matches('.')
                .parse::<u16>()
                .ok()
        });
        let port = port.expect("chromedriver says its port");
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await;
        let client = match client {
            Ok(client) => client,
            Err(error) => {
                let _ = driver.kill();
                left_out("a test in a browser", format!("Chromium: {error}"));
                return None;
            }
        };
        Some(Browser { client, driver })
    }

    pub async fn close(mut self) {
        let _ = self.client.clone().close().await;
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }

    /// Makes the window as large as the screen.
    pub async fn show_on(&self, screen: &Screen) {
        let metrics = json!({
            "width": screen.width,
            "height": screen.height,
            "deviceScaleFactor": 1,
            "mobile": screen.is_phone,
        });
        self.chrome("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// A command of the browser's own protocol.
    pub async fn chrome(&self, name: &'static str, parameters: Value) -> Value {
        self.client.issue_cmd(Command::Chrome(name, parameters)).await.expect(name)
    }

    /// What the console has said since it was last asked.
    pub async fn console(&self) -> Vec<String> {
        let said = self.client.issue_cmd(Command::Console).await.expect("the console");
        let said = said.as_array().cloned().unwrap_or_default();
        said.iter().map(|entry| entry["message"].to_string()).collect()
    }

    /// The value of a script's `return`.
    pub async fn value(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect(script)
    }

    /// Waits until a script returns true.
    pub async fn wait(&self, script: &str) {
        let start = Instant::now();
        while self.value(script).await != true {
            assert!(start.elapsed() < PATIENCE, "still not: {script}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The page as a PNG, from its top down to a limit, as it looks on the screen.
    pub async fn picture(&self, screen: &Screen) -> Vec<u8> {
        let height = self.value("return document.documentElement.scrollHeight").await;
        let height =
            height.as_u64().map_or(screen.height, |height| height.min(6000) as u32);
        self.show_on(&Screen { height, ..*screen }).await;
        let picture = self.client.screenshot().await.expect("a picture");
        self.show_on(screen).await;
        picture
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
    }
}

fn capabilities() -> Capabilities {
    let arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage"];
    let patience = PATIENCE.as_millis() as u64;
    let wanted = json!({
        "timeouts": { "script": patience, "pageLoad": patience },
        "goog:chromeOptions": { "args": arguments },
        "goog:loggingPrefs": { "browser": "ALL" },
    });
    wanted.as_object().expect("an object").clone()
}
