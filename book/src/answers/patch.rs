//! A patch as `git diff` writes it, put into a step.

use anyhow::{Context, Result, bail, ensure};
use diffy::patch_set::{FileOperation, ParseOptions, PatchSet};

use crate::source::{SourceFile, Step};

/// The files that `patch` changed.
pub fn apply(patch: &str, step: &mut Step) -> Result<Vec<String>> {
    let mut changed = Vec::new();
    if patch.is_empty() {
        return Ok(changed);
    }
    for part in PatchSet::parse(patch, ParseOptions::unidiff()) {
        let part = part?;
        let file = file(part.operation(), &step.name)?;
        let old = step.files.get(&file);
        let old = old.with_context(|| format!("there is no {file} in {}", step.name))?;
        let lines = part.patch().as_text().context("it isn't text")?;
        let new = diffy::apply(&old.text, lines);
        let misfit = || format!("it doesn't fit steps/{}/{file}", step.name);
        let new = new.with_context(misfit)?;
        ensure!(new != old.text, "it changes nothing in {file}");
        let source = SourceFile::new(&file, new).with_context(|| file.clone())?;
        step.files.insert(file.clone(), source);
        changed.push(file);
    }
    Ok(changed)
}

/// The file of the step `name` that is changed: `src/main.rs`.
fn file(operation: &FileOperation<str>, name: &str) -> Result<String> {
    match operation.strip_prefix(1) {
        FileOperation::Modify { original, modified } if original == modified => {
            let folder = format!("steps/{name}/");
            let file = original.strip_prefix(&folder);
            Ok(file.with_context(|| format!("{original} isn't in {folder}"))?.to_owned())
        }
        _ => bail!("it does more than change files"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Files;

    const PATCH: &str = "\
--- a/steps/01-one/src/main.rs
+++ b/steps/01-one/src/main.rs
@@ -1,3 +1,3 @@
 fn main() {
-    println!(\"one\");
+    println!(\"two\");
 }
";

    fn step(text: &str) -> Step {
        let file = SourceFile::new("src/main.rs", text.to_owned()).unwrap();
        Step { name: "01-one".into(), files: Files::from([("src/main.rs".into(), file)]) }
    }

    #[track_caller]
    fn assert_failure(patch: &str, expected: &str) {
        let mut step = step("fn main() {\n    println!(\"one\");\n}\n");
        let sentence = format!("{:#}", apply(patch, &mut step).unwrap_err());
        assert!(sentence.contains(expected), "{sentence}");
    }

    #[test]
    fn a_file_is_changed_wherever_its_lines_are_now() {
        let mut step = step("use a;\n\nfn main() {\n    println!(\"one\");\n}\n");
        assert_eq!(apply(PATCH, &mut step).unwrap(), ["src/main.rs"]);
        let expected = "use a;\n\nfn main() {\n    println!(\"two\");\n}\n";
        assert_eq!(step.files["src/main.rs"].text, expected);
    }

    #[test]
    fn a_patch_that_does_not_fit_is_refused() {
        assert_failure(
            &PATCH.replace("one\"", "three\""),
            "it doesn't fit steps/01-one/src/main.rs: error applying hunk #1",
        );
        assert_failure(
            &PATCH.replace("main.rs", "lib.rs"),
            "there is no src/lib.rs in 01-one",
        );
        assert_failure(&PATCH.replace("01-one", "02-two"), "isn't in steps/01-one/");
        assert_failure(&PATCH.replace("b/steps", "b/other"), "more than change files");
        assert_failure(
            &PATCH.replace("println!(\"two\");", "("),
            "src/main.rs: line 3: it isn't Rust",
        );
        assert_failure("nothing\n", "no valid patches");
    }
}
