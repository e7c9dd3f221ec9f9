//! Crates that aren't in the repository, built together in a workspace of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use book::build::root;
use cargo_metadata::Message;
use cargo_metadata::diagnostic::DiagnosticLevel;

/// What the compiler made of a crate.
#[derive(Default)]
pub struct Built {
    /// None if it doesn't compile.
    pub program: Option<PathBuf>,
    pub tests: Option<PathBuf>,
    pub warnings: Vec<String>,
    pub errors: Vec<String>,
}

/// The texts of a crate's files by their paths.
pub type Texts = BTreeMap<String, String>;

/// A workspace, and the folder and the name that it has among others.
pub struct Workshop {
    name: &'static str,
    folder: PathBuf,
}

impl Workshop {
    /// Writes the crates. What is up to date stays untouched, so that it isn't built again.
    pub fn new(name: &'static str, crates: &BTreeMap<String, Texts>) -> Workshop {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let workshop = Workshop { name, folder };
        for (member, texts) in crates {
            workshop.write(member, texts);
        }
        let members: Vec<&String> = crates.keys().collect();
        // Nobody looks into them with a debugger.
        let profile = "[profile.dev]\ndebug = false\n";
        let manifest =
            format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n{profile}");
        write(&workshop.folder.join("Cargo.toml"), &manifest);
        let lock = root().join("../Cargo.lock");
        fs::copy(lock, workshop.folder.join("Cargo.lock")).unwrap();
        workshop
    }

    fn write(&self, member: &str, texts: &Texts) {
        let folder = self.folder.join(member);
        let mut written = BTreeSet::new();
        for (file, text) in texts {
            let path = folder.join(file);
            match file.as_str() {
                "Cargo.toml" => {
                    let mut manifest: toml::Table = text.parse().unwrap();
                    manifest["package"]["name"] = self.package(member).into();
                    write(&path, &manifest.to_string());
                }
                _ => write(&path, text),
            }
            written.insert(path);
        }
        remove_others(&folder, &written);
    }

    fn package(&self, member: &str) -> String {
        format!("{}-{member}", self.name)
    }

    /// Runs cargo for these crates, all if none is named, and gives what it made of each.
    pub fn cargo(&self, words: &[&str], members: &[&str]) -> BTreeMap<String, Built> {
        let packages = members.iter().map(|member| self.package(member));
        let packages = packages.flat_map(|package| ["--package".into(), package]);
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut child = Command::new(cargo)
            .args(words)
            .args(packages)
            .args(["--offline", "--jobs=2", "--quiet", "--target-dir=target"])
            .arg("--message-format=json")
            .current_dir(&self.folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().expect("it is piped");
        let mut built = BTreeMap::new();
        for message in Message::parse_stream(BufReader::new(stdout)) {
            self.note(message.unwrap(), &mut built);
        }
        // What it says of itself, where it comes to no crate.
        let said = child.wait_with_output().unwrap().stderr;
        assert!(!built.is_empty(), "{}", String::from_utf8_lossy(&said));
        built
    }

    fn note(&self, message: Message, built: &mut BTreeMap<String, Built>) {
        match message {
            Message::CompilerArtifact(artifact) => {
                let built = self.of(&artifact.target.name, built);
                let Some(program) = artifact.executable else {
                    return;
                };
                match artifact.profile.test {
                    true => built.tests = Some(program.into()),
                    false => built.program = Some(program.into()),
                }
            }
            Message::CompilerMessage(said) => {
                let built = self.of(&said.target.name, built);
                let message = said.message;
                match message.level {
                    DiagnosticLevel::Warning if message.code.is_some() => {
                        built.warnings.push(message.message);
                    }
                    DiagnosticLevel::Error => {
                        let text = message.rendered.unwrap_or(message.message);
                        built.errors.push(text);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn of<'a>(
        &self,
        package: &str,
        built: &'a mut BTreeMap<String, Built>,
    ) -> &'a mut Built {
        let member = package.strip_prefix(&format!("{}-", self.name)).unwrap_or(package);
        built.entry(member.to_owned()).or_default()
    }
}

fn write(file: &Path, text: &str) {
    if fs::read_to_string(file).is_ok_and(|old| old == text) {
        return;
    }
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

/// Removes the files that an earlier run left in a folder.
fn remove_others(folder: &Path, written: &BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            remove_others(&path, written);
        } else if !written.contains(&path) {
            fs::remove_file(path).unwrap();
        }
    }
}
