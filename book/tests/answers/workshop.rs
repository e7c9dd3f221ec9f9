//! Copies of the steps with the answers in them, built together.

use std::collections::BTreeMap;
use std::fs;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use book::answers::{Answer, Answers};
use book::build::root;
use cargo_metadata::Message;
use cargo_metadata::diagnostic::DiagnosticLevel;

/// What the compiler made of an answer.
#[derive(Default)]
pub struct Built {
    /// None if it doesn't compile.
    pub program: Option<PathBuf>,
    pub tests: Option<PathBuf>,
    pub warnings: Vec<String>,
    pub errors: String,
}

/// Builds each answer as a crate of one workspace, two at a time.
pub fn build(answers: &Answers) -> BTreeMap<String, Built> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("answers");
    let mut members = Vec::new();
    for answer in answers.iter() {
        write_crate(answer, &folder.join(&answer.name));
        members.push(answer.name.as_str());
    }
    // Nobody looks into them with a debugger.
    let profile = "[profile.dev]\ndebug = false\n";
    let manifest =
        format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n{profile}");
    write(&folder.join("Cargo.toml"), &manifest);
    fs::copy(root().join("../Cargo.lock"), folder.join("Cargo.lock")).unwrap();

    let mut built = BTreeMap::new();
    cargo(&folder, &["build", "--keep-going"], &mut built);
    let tested = answers.iter().filter(|answer| answer.claim.tests.is_some());
    let packages = tested.flat_map(|answer| ["--package".into(), package(&answer.name)]);
    let packages: Vec<String> = packages.collect();
    let mut words = vec!["test", "--no-run"];
    words.extend(packages.iter().map(String::as_str));
    if !packages.is_empty() {
        cargo(&folder, &words, &mut built);
    }
    built
}

fn package(name: &str) -> String {
    format!("answer-{name}")
}

fn write_crate(answer: &Answer, folder: &Path) {
    for (file, source) in &answer.step.files {
        let mut text = source.text.clone();
        if file == "Cargo.toml" {
            let mut manifest: toml::Table = text.parse().unwrap();
            manifest["package"]["name"] = package(&answer.name).into();
            text = manifest.to_string();
        }
        write(&folder.join(file), &text);
    }
}

/// What is up to date stays untouched, so that it isn't built again.
fn write(file: &Path, text: &str) {
    if fs::read_to_string(file).is_ok_and(|old| old == text) {
        return;
    }
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

fn cargo(folder: &Path, words: &[&str], built: &mut BTreeMap<String, Built>) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut child = Command::new(cargo)
        .args(words)
        .args(["--offline", "--jobs=2", "--quiet", "--target-dir=target"])
        .arg("--message-format=json")
        .current_dir(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = child.stdout.take().expect("it is piped");
    for message in Message::parse_stream(BufReader::new(stdout)) {
        match message.unwrap() {
            Message::CompilerArtifact(artifact) => {
                let Some(program) = artifact.executable else {
                    continue;
                };
                let built = of(&artifact.target.name, built);
                match artifact.profile.test {
                    true => built.tests = Some(program.into()),
                    false => built.program = Some(program.into()),
                }
            }
            Message::CompilerMessage(said) => {
                let built = of(&said.target.name, built);
                let message = said.message;
                match message.level {
                    DiagnosticLevel::Warning
                        if words[0] == "build" && message.code.is_some() =>
                    {
                        built.warnings.push(message.message);
                    }
                    DiagnosticLevel::Error => {
                        built.errors += &message.rendered.unwrap_or(message.message);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    child.wait().unwrap();
}

fn of<'a>(package: &str, built: &'a mut BTreeMap<String, Built>) -> &'a mut Built {
    let name = package.strip_prefix("answer-").unwrap_or(package);
    built.entry(name.to_owned()).or_default()
}
