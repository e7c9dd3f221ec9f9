//! What was made for the book: all of it is shown somewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use book::directive::{Passage, passages};

/// The recordings, pictures, measurements and chapters that no page shows. `root` is the folder of
/// book.toml.
pub fn unseen(root: &Path) -> Vec<String> {
    let chapters = root.join("chapters");
    let mut shown = BTreeSet::new();
    for file in files(&chapters, "md") {
        let text = fs::read_to_string(chapters.join(&file)).unwrap();
        // One that can't be read isn't built, and the build says why.
        for passage in passages(&text).unwrap_or_default() {
            let Passage::Directive(directive) = passage else { continue };
            let (folder, ending) = match directive.name.as_str() {
                "run" => ("recordings", "txt"),
                "calls" | "replay" => ("recordings", "json"),
                "picture" => ("chapters/pictures", "svg"),
                "plot" => ("measured", "json"),
                "ledger" => {
                    shown.insert("measured/ledger.json".to_owned());
                    continue;
                }
                name @ ("matrix" | "framing") => {
                    shown.insert(format!("the table `{name}`"));
                    continue;
                }
                _ => continue,
            };
            let names = directive.words.iter();
            shown.extend(names.map(|name| format!("{folder}/{name}.{ending}")));
        }
    }
    let summary = fs::read_to_string(chapters.join("SUMMARY.md")).unwrap();
    let links = summary.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    shown.extend(links.map(|file| format!("chapters/{file}")));

    let mut made: Vec<String> =
        ["matrix", "framing"].map(|name| format!("the table `{name}`")).into();
    for (folder, ending) in [
        ("recordings", "txt"),
        ("recordings", "json"),
        ("chapters/pictures", "svg"),
        ("measured", "json"),
        ("chapters", "md"),
    ] {
        let names = files(&root.join(folder), ending).into_iter();
        made.extend(names.map(|name| format!("{folder}/{name}")));
    }
    made.retain(|it| !shown.contains(it) && it != "chapters/SUMMARY.md");
    made.iter().map(|it| format!("{it}: no chapter shows it")).collect()
}

fn files(folder: &Path, ending: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let wanted = entries.filter(|path| path.extension().is_some_and(|it| it == ending));
    let name = |path: std::path::PathBuf| path.file_name().unwrap().display().to_string();
    let mut names: Vec<String> = wanted.map(name).collect();
    names.sort();
    names
}
