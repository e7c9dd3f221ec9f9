//! A copy of the workspace where `final` may be spoilt.

use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::Mutant;

/// The copy, with a target folder of its own. It goes away with the value.
pub struct Workshop {
    folder: TempDir,
    /// The files of `final` as they were.
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Workshop {
    /// Copies what Git knows or would take, as it is now, committed or not, into the workspace's
    /// target folder: if this process is killed, `cargo clean` takes the copy away.
    pub fn new(root: &Path) -> io::Result<Workshop> {
        let target = root.join("target");
        fs::create_dir_all(&target)?;
        let folder = tempfile::Builder::new().prefix("mutants-").tempdir_in(target)?;
        let mut files = Vec::new();
        for file in files_of(root)? {
            let place = folder.path().join(&file);
            fs::create_dir_all(place.parent().expect("it is in the folder"))?;
            let content = fs::read(root.join(&file))?;
            fs::write(&place, &content)?;
            if file.starts_with("final") {
                files.push((file, content));
            }
        }
        Ok(Workshop { folder, files })
    }

    /// The root of the copy.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// The program that the last build left.
    pub fn program(&self) -> PathBuf {
        self.root().join("target/debug/final")
    }

    /// Changes what the mutant changes, and nothing else: all of `final` is as it was but for
    /// that, without the notes that a failed test of a mutant before may have left.
    pub fn put_in(&self, mutant: &Mutant) -> io::Result<()> {
        self.put_in_order()?;
        let place = self.root().join(&mutant.file);
        let original = fs::read_to_string(&place)?;
        let changed = changed(&original, mutant.hunks()).map_err(io::Error::other)?;
        fs::write(place, changed)
    }

    /// Puts all of `final` back as it was.
    pub fn put_in_order(&self) -> io::Result<()> {
        fs::remove_dir_all(self.root().join("final"))?;
        for (file, content) in &self.files {
            let place = self.root().join(file);
            fs::create_dir_all(place.parent().expect("it is in the folder"))?;
            fs::write(place, content)?;
        }
        Ok(())
    }

    /// What a file of `final` says, unchanged.
    pub fn original(&self, file: &str) -> String {
        let found = self.files.iter().find(|(own, _)| own == Path::new(file));
        String::from_utf8_lossy(found.map_or(&[], |(_, content)| content)).into()
    }
}

fn changed(original: &str, hunks: &str) -> Result<String, Box<dyn Error + Send + Sync>> {
    let patch = diffy::Patch::from_str(hunks)?;
    Ok(diffy::apply(original, &patch)?)
}

fn files_of(root: &Path) -> io::Result<Vec<PathBuf>> {
    let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").arg("-C").arg(root).args(list).output()?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).trim()));
    }
    let names = String::from_utf8_lossy(&output.stdout);
    let names = names.split_terminator('\0').map(PathBuf::from);
    // A file that was deleted is known until that is committed.
    Ok(names.filter(|name| root.join(name).is_file()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_put_into_its_file() {
        let diff = "@@ -1,3 +1,3 @@\n fn f() -> &str {\n-    \"a\"\n+    \"xyzzy\"\n }\n";
        let new = changed("fn f() -> &str {\n    \"a\"\n}\n", diff).unwrap();
        assert_eq!(new, "fn f() -> &str {\n    \"xyzzy\"\n}\n");
        assert!(changed("fn g() {}\n", diff).is_err());
    }
}
