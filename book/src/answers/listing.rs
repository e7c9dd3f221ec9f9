//! What an answer changes in a file, as a listing.

use anyhow::{Context, Result};

use super::Answer;
use crate::listing::{Listing, Part, Plan, likeness};
use crate::source::{Body, ItemPath, Node, Step};

/// How alike an item must be to one that is gone to be the same under another name.
const ALIKE: f32 = 0.5;

pub fn listing(answer: &Answer, before: &Step, file: &str) -> Result<Listing> {
    let root = |step: &Step| step.files.get(file).map(|source| source.outline.clone());
    let old = root(before).with_context(|| format!("there is no {file}"))?;
    let new = root(&answer.step).with_context(|| format!("there is no {file}"))?;
    let mut changes = Changes::default();
    changes.find(&old, &new, "");
    let renamed = changes.take_renamed(&old, &new);

    let mut plan = Plan::new(&answer.step, Some(before));
    let mut parts = Vec::new();
    if !changes.shown.is_empty() {
        parts.extend(plan.listing(file, &changes.shown)?.parts);
    }
    for (from, to) in renamed {
        parts.extend(plan.moved((file, &[from]), (file, &[to]))?.parts);
    }
    if !changes.gone.is_empty() {
        let gone = plan.removed(file, &changes.gone)?.parts.into_iter().enumerate();
        // That they are gone is said, and not shown.
        parts.extend(gone.map(|(index, part)| {
            let (lines, adjacent) = (Vec::new(), index > 0);
            Part { lines, adjacent, ..part }
        }));
    }
    let (step, file) = (answer.step.name.clone(), file.to_owned());
    Ok(Listing { step, file, is_new_file: false, parts })
}

/// Items by the names that listings call them.
#[derive(Default)]
struct Changes {
    /// New ones, and those with other lines.
    shown: Vec<String>,
    gone: Vec<String>,
}

impl Changes {
    /// Looks into a container whose own lines are the same; `prefix` is its name and `::`.
    fn find(&mut self, old: &Node, new: &Node, prefix: &str) {
        for member in new.members() {
            let name = format!("{prefix}{}", member.name);
            match named(old, &member.name) {
                Some(before) if before.lines() == member.lines() => {}
                Some(before)
                    if frame(before).is_some_and(|it| Some(it) == frame(member)) =>
                {
                    self.find(before, member, &format!("{name}::"));
                }
                _ => self.shown.push(name),
            }
        }
        let gone = old.members().iter().filter(|it| named(new, &it.name).is_none());
        self.gone.extend(gone.map(|it| format!("{prefix}{}", it.name)));
    }

    /// What is gone and what has come in its place under another name.
    fn take_renamed(&mut self, old: &Node, new: &Node) -> Vec<(String, String)> {
        let mut renamed = Vec::new();
        self.gone.retain(|gone| {
            let Some(before) = named(old, gone) else {
                return true;
            };
            let is_it = |name: &String| {
                let now = named(new, name).filter(|_| named(old, name).is_none());
                now.is_some_and(|now| likeness(before, now) >= ALIKE)
            };
            let Some(found) = self.shown.iter().position(is_it) else {
                return true;
            };
            renamed.push((gone.clone(), self.shown.remove(found)));
            false
        });
        renamed
    }
}

fn named<'a>(root: &'a Node, name: &str) -> Option<&'a Node> {
    root.at(&name.split("::").map(str::to_owned).collect::<ItemPath>())
}

/// The lines of a container that are no member's.
fn frame(node: &Node) -> Option<(&[String], &[String])> {
    match &node.body {
        Body::Leaf(_) => None,
        Body::Container { head, tail, .. } => Some((&head.lines, &tail.lines)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answers::Claim;
    use crate::listing::{Page, html};
    use crate::source::{Files, SourceFile};

    fn step(text: &str) -> Step {
        let file = SourceFile::new("a.rs", text.to_owned()).unwrap();
        Step { name: "01-one".into(), files: Files::from([("a.rs".into(), file)]) }
    }

    fn shown(old: &str, new: &str) -> String {
        let (name, of, before) = ("01-a".into(), "01-one".into(), step(old));
        let (changed, claim) = (vec!["a.rs".into()], Claim::default());
        let answer = Answer { name, of, step: step(new), changed, claim };
        let listing = listing(&answer, &before, "a.rs").unwrap();
        let (files, former) = (Some(&answer.step.files), Some(&before.files));
        let (root, answer) = ("", Some("01-a"));
        let page = Page { root, files, former, recalled: false, folded: true, answer };
        html(&listing, &page).into_string()
    }

    const OLD: &str = "struct A;\n\nimpl A {\n    fn a() {\n        b();\n        c();\n    }\n\n    \
                       fn z() {}\n}\n";

    #[test]
    fn only_the_member_that_changed_is_shown() {
        let html = shown(OLD, &OLD.replace("        c();\n", "        d();\n"));
        assert!(html.contains("<code>A::a</code>, changed"), "{html}");
        assert!(!html.contains("struct") && !html.contains(">z<"), "{html}");
        assert!(
            html.contains("data-answer=\"01-a\"") && !html.contains("data-step"),
            "{html}"
        );
    }

    #[test]
    fn a_new_name_is_no_new_item() {
        let html = shown(OLD, &OLD.replace("fn a()", "fn x()"));
        assert!(html.contains("formerly <code>A::a</code>"), "{html}");
    }

    #[test]
    fn what_is_gone_is_named_and_not_shown() {
        let html = shown(OLD, "struct B;\n");
        assert!(html.contains("gone: <code>A</code> and <code>impl A</code>"), "{html}");
        assert!(html.contains("new, at the start") && !html.contains("<del"), "{html}");
    }
}
