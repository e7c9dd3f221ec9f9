//! Mutants that nobody can tell from `final`.

use std::io;
use std::path::Path;

use serde::Deserialize;

use super::Mutant;

/// One such mutant: `tests/mutants.toml` has a list of them.
///
/// It is named by what stands on its line, and not by the line's number, which any change above
/// it would move.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equal {
    file: String,
    /// The whole line where the change begins, without the space around it.
    line: String,
    /// The same as [`Mutant::change`].
    change: String,
    /// How many mutants of the line are this change.
    #[serde(default = "once")]
    times: usize,
    /// Why no client and no operator can notice it.
    pub reason: String,
}

fn once() -> usize {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Equals {
    equal: Vec<Equal>,
}

impl Equal {
    /// Reads the list; each of its entries must fit mutants that there are.
    pub fn all(root: &Path, mutants: &[Mutant]) -> io::Result<Vec<Equal>> {
        let list = Equal::listed(root)?;
        for equal in &list {
            let source = std::fs::read_to_string(root.join(&equal.file))?;
            let fitting = mutants.iter().filter(|mutant| equal.is(mutant, &source));
            let count = fitting.count();
            if count != equal.times {
                let Equal { file, line, change, .. } = equal;
                let what = format!("{count} mutants of {file} {change} in: {line}");
                return Err(io::Error::other(format!("tests/mutants.toml: {what}")));
            }
        }
        Ok(list)
    }

    fn listed(root: &Path) -> io::Result<Vec<Equal>> {
        let text = std::fs::read_to_string(root.join("tests/mutants.toml"))?;
        let list: Equals = toml::from_str(&text).map_err(io::Error::other)?;
        Ok(list.equal)
    }

    /// Whether it is this mutant; `source` is its file.
    pub fn is(&self, mutant: &Mutant, source: &str) -> bool {
        let line = source.lines().nth(mutant.line() - 1).unwrap_or_default();
        let same_place = self.file == mutant.file && self.line == line.trim();
        same_place && self.change == mutant.change()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever changes such a line has to look at its entry again.
    #[test]
    fn each_entry_names_a_line_that_there_is() {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests is in it");
        for Equal { file, line, .. } in Equal::listed(root).expect("a list") {
            let source =
                std::fs::read_to_string(root.join(&file)).expect("a source file");
            let count = source.lines().filter(|it| it.trim() == line).count();
            assert_eq!(count, 1, "{file}: {line}");
        }
    }
}
