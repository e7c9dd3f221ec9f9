//! `{{#listing FILE ITEM…}}`: lines of a chapter that stand for something else.

use anyhow::{Result, bail, ensure};

/// A directive: its name, its words and the line of the chapter it is on.
#[derive(Clone, Debug, PartialEq)]
pub struct Directive {
    pub name: String,
    pub words: Vec<String>,
    pub line: usize,
    /// What stands before it: it may be inside a list.
    pub indent: String,
}

/// A run of lines as written, or a directive.
#[derive(Debug, PartialEq)]
pub enum Passage<'a> {
    Text(&'a str),
    Directive(Directive),
}

impl Passage<'_> {
    /// The directive of this name, if it is one.
    pub fn directive(&self, name: &str) -> Option<&Directive> {
        match self {
            Passage::Directive(directive) if directive.name == name => Some(directive),
            _ => None,
        }
    }
}

const OPEN: &str = "{{#";

/// Takes a chapter apart. A directive has its line to itself.
pub fn passages(chapter: &str) -> Result<Vec<Passage<'_>>> {
    let mut passages = Vec::new();
    for (index, line) in chapter.split_inclusive('\n').enumerate() {
        if !line.contains(OPEN) {
            passages.push(Passage::Text(line));
            continue;
        }
        let number = index + 1;
        let inside =
            line.trim().strip_prefix(OPEN).and_then(|rest| rest.strip_suffix("}}"));
        let Some(inside) = inside.filter(|it| !it.contains("{{") && !it.contains("}}"))
        else {
            bail!(
                "line {number}: a directive is `{OPEN}name …}}}}` on a line of its own"
            );
        };
        let mut words = inside.split_whitespace().map(str::to_owned);
        let Some(name) = words.next() else {
            bail!("line {number}: a directive has a name");
        };
        let words = words.collect();
        let indent = line[..line.len() - line.trim_start().len()].to_owned();
        let directive = Directive { name, words, line: number, indent };
        passages.push(Passage::Directive(directive));
    }
    Ok(passages)
}

/// A file of a step and items in it: `03-states/src/connection.rs State impl Connection`.
#[derive(Debug, PartialEq)]
pub struct Reference {
    /// `03-states`.
    pub step: String,
    /// `src/connection.rs`.
    pub file: String,
    pub items: Vec<String>,
}

impl Reference {
    pub fn parse(words: &[String]) -> Result<Reference> {
        let Some((path, words)) = words.split_first() else {
            bail!("it names a file, such as 03-states/src/main.rs");
        };
        let Some((step, file)) = path.split_once('/') else {
            bail!("`{path}` is no file of a step, such as 03-states/src/main.rs");
        };
        Ok(Reference { step: step.into(), file: file.into(), items: items(words)? })
    }
}

/// The two ends of a move: `OLD ITEM… -> NEW ITEM…`.
pub fn both_ends(words: &[String]) -> Result<(Reference, Reference)> {
    let Some(arrow) = words.iter().position(|word| word == "->") else {
        bail!("it is written OLDFILE ITEM… -> NEWFILE ITEM…");
    };
    Ok((Reference::parse(&words[..arrow])?, Reference::parse(&words[arrow + 1..])?))
}

/// The only word of a directive such as `{{#picture NAME}}`.
pub fn one_word(words: &[String]) -> Result<&str> {
    match words {
        [word] => Ok(word),
        _ => bail!("it takes one name"),
    }
}

/// `impl` and what follows it are one item.
fn items(words: &[String]) -> Result<Vec<String>> {
    let mut items = Vec::new();
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        if word != "impl" {
            items.push(word.clone());
            continue;
        }
        let Some(mut name) = words.next().cloned() else {
            bail!("`impl` of what?");
        };
        if words.peek().is_some_and(|word| *word == "for") {
            words.next();
            let Some(of) = words.next() else {
                bail!("`impl {name} for` what?");
            };
            name = format!("{name} for {of}");
        }
        ensure!(name != "for", "`impl` of what?");
        items.push(format!("impl {name}"));
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn an_impl_is_one_item() {
        let line =
            "03-states/src/a.rs State impl A A::new impl P for A impl P for A::open";
        let reference = Reference::parse(&words(line)).unwrap();
        assert_eq!(
            (reference.step.as_str(), reference.file.as_str()),
            ("03-states", "src/a.rs")
        );
        let items = ["State", "impl A", "A::new", "impl P for A", "impl P for A::open"];
        assert_eq!(reference.items, items);
    }

    #[test]
    fn a_directive_has_its_line_to_itself() {
        let found = passages("One\n  {{#matrix}}\nTwo\n").unwrap();
        let (name, indent) = ("matrix".into(), "  ".into());
        let matrix = Directive { name, words: vec![], line: 2, indent };
        let expected =
            [Passage::Text("One\n"), Passage::Directive(matrix), Passage::Text("Two\n")];
        assert_eq!(found, expected);
        for chapter in
            ["see {{#matrix}}\n", "\n{{#matrix\n", "{{#a}} {{#b}}\n", "{{#}}\n"]
        {
            assert!(passages(chapter).is_err(), "{chapter}");
        }
    }
}
