//! What chapters call items: `State`, `Connection::send`, `impl Protocol for Counter`.

use anyhow::{Result, bail};

use super::node::Node;

/// The names from a file's root down to an item. The root's own path is empty.
pub type ItemPath = Vec<String>;

/// The item of the file `root` that a chapter calls `name`.
///
/// A member of an `impl` is called after its type, `Connection::send`. Where two traits of a
/// type have the same, `impl Protocol for Connection::send` tells them apart.
pub fn find(root: &Node, name: &str) -> Result<ItemPath> {
    let mut found = Vec::new();
    search(root, &mut Vec::new(), name, &mut found);
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => {
            let shown = |it: &Node| format!("{} (line {})", it.name, it.first_line());
            let names: Vec<String> = root.members().iter().map(shown).collect();
            bail!("there is no `{name}`; there are {}", names.join(", "))
        }
        _ => {
            let names: Vec<String> = found.iter().map(|path| path.join("::")).collect();
            bail!("`{name}` may be {}", names.join(" or "))
        }
    }
}

fn search(node: &Node, at: &mut ItemPath, name: &str, found: &mut Vec<ItemPath>) {
    for member in node.members() {
        at.push(member.name.clone());
        if spoken(at) == name || at.join("::") == name {
            found.push(at.clone());
        }
        search(member, at, name, found);
        at.pop();
    }
}

/// The name by which a chapter calls the item at `path`.
pub fn spoken(path: &[String]) -> String {
    match path {
        [] => String::new(),
        [name] => name.clone(),
        [container, rest @ ..] => {
            let owner = container.strip_prefix("impl ").unwrap_or(container);
            let owner = owner.rsplit(" for ").next().unwrap_or(owner);
            format!("{owner}::{}", rest.join("::"))
        }
    }
}
