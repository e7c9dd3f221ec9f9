//! The finished server's real input: a site that nobody here wrote, documentation as rustdoc
//! makes it of crates from the registry, fetched by `wget --mirror` and by Chromium.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use checks::subject::finished::serve;
use checks::system::tool::{Tool, left_out};

const CRATES: [&str; 3] = ["clap_builder", "httparse", "percent-encoding"];
/// The one page that isn't the site's.
const FETCHER: &str = "fetch-all.html";

/// Both tests take the same site: nothing changes in it but the page for Chromium.
static SITE: LazyLock<Site> = LazyLock::new(Site::build);

#[test]
fn wget_mirrors_a_real_site_without_one_wrong_byte() {
    if is_missing(Tool::Wget) {
        return;
    }
    let site = &*SITE;
    let server = serve(&site.folder);
    let host = server.address.to_string();
    let url = |path: &str| format!("http://{host}/{path}\n");

    // What the pages link to, and then what they only load by script.
    let starts = CRATES.map(|name| url(&format!("{}/", name.replace('-', "_"))));
    let linked = wget(&["--mirror"], &starts.concat(), &host);
    assert!(linked.len() > 100, "{} files are linked to", linked.len());
    for (path, content) in &linked {
        assert!(site.files.get(path) == Some(content), "{path} came differently");
    }
    let all: String = site.files.keys().map(|path| url(path)).collect();
    let listed = wget(&["--force-directories"], &all, &host);
    assert_eq!(listed.len(), site.files.len());
    for (path, content) in &site.files {
        assert!(listed.get(path) == Some(content), "{path} came differently");
    }
}

/// What wget makes of a list of addresses.
fn wget(options: &[&str], addresses: &str, host: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("list"), addresses).unwrap();
    let wget = Command::new(Tool::Wget.program())
        .args(options)
        .args(["--no-verbose", "--tries=1", "-e", "robots=off", "--input-file", "list"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let log = String::from_utf8_lossy(&wget.stderr);
    // 8 is an error response: a link to a crate whose documentation isn't here.
    assert!(matches!(wget.status.code(), Some(0 | 8)), "wget: {}\n{log}", wget.status);
    files_below(&folder.path().join(host))
}

#[test]
fn chromium_fetches_a_real_site_without_one_wrong_byte() {
    if is_missing(Tool::Chromium) {
        return;
    }
    let site = &*SITE;
    let paths: Vec<String> = site.files.keys().map(|path| format!("{path:?}")).collect();
    let page = FETCH_ALL.replace("PATHS", &paths.join(","));
    fs::write(site.folder.join(FETCHER), page).unwrap();
    let server = serve(&site.folder);

    let fetched = dom(&format!("http://{}/{FETCHER}", server.address));
    let fetched = fetched.split_once("<pre>").expect("the page has run").1;
    let fetched: Vec<&str> = fetched.split_once("</pre>").unwrap().0.lines().collect();
    let expected = site.files.iter();
    let expected = expected.map(|(path, content)| {
        format!("200 {} {:08x} {path}", content.len(), checksum(content))
    });
    assert_eq!(fetched, expected.collect::<Vec<_>>());

    let page = dom(&format!("http://{}/clap_builder/", server.address));
    assert!(page.contains("<title>clap_builder - Rust</title>"), "{page}");
    assert!(page.contains("</rustdoc-toolbar>"), "the page's script ran: {page}");
}

/// Fetches every path in turn and writes down what came: status, length, FNV-1a, path.
const FETCH_ALL: &str = r#"<!doctype html>
<meta charset="utf-8">
<pre></pre>
<script>
const lines = [PATHS].map((path) => {
  const request = new XMLHttpRequest();
  request.open("GET", "/" + path, false);
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  const text = request.responseText;
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    sum = Math.imul(sum ^ (text.charCodeAt(at) & 0xff), 0x01000193);
  }
  const hex = (sum >>> 0).toString(16).padStart(8, "0");
  return `${request.status} ${text.length} ${hex} ${path}`;
});
document.querySelector("pre").textContent = lines.join("\n");
</script>
"#;

fn checksum(content: &[u8]) -> u32 {
    let step = |sum: u32, &byte: &u8| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    content.iter().fold(0x811c_9dc5, step)
}

/// What Chromium makes of a page once its scripts have run.
fn dom(address: &str) -> String {
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new(Tool::Chromium.program())
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"])
        .args(["--no-first-run", "--disable-background-networking"])
        .args(["--disable-component-update", "--disable-sync", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(address)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

struct Site {
    folder: PathBuf,
    /// Path below the folder and content.
    files: BTreeMap<String, Vec<u8>>,
}

impl Site {
    /// Lets rustdoc make the site.
    fn build() -> Site {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("site");
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo)
            .args(["doc", "--quiet", "--no-deps", "--target-dir"])
            .arg(&target)
            .args(CRATES.iter().flat_map(|name| ["--package", name]))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status()
            .unwrap();
        assert!(built.success(), "cargo doc: {built}");
        let folder = target.join("doc");
        let mut files = files_below(&folder);
        files.retain(|path, _| !path.starts_with('.') && path != FETCHER);
        assert!(files.len() > 300, "a site of a few hundred files has {}", files.len());
        Site { folder, files }
    }
}

/// Every file below a folder, by its path from there.
fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            files.insert(name, fs::read(&path).unwrap());
        }
    }
    files
}

/// Says so where a tool is missing; the gate has them all.
fn is_missing(tool: Tool) -> bool {
    let missing = !tool.installed();
    if missing {
        left_out("a real site", tool);
    }
    missing
}
