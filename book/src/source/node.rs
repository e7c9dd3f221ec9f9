//! A file as a tree of items. Every line belongs to exactly one node.

/// Lines of a file, each with its line end, and the number of the first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    pub first: usize,
    pub lines: Vec<String>,
}

/// A whole file (without a name), an item, or an item inside an `impl`, a trait or a module.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub name: String,
    /// How many blank lines stand before it; none is known of the first in its container.
    pub gap: Option<usize>,
    pub body: Body,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Leaf(Text),
    Container { head: Text, members: Vec<Node>, tail: Text },
}

impl Node {
    pub fn container(name: &str) -> Node {
        let body = Body::Container {
            head: Text::default(),
            members: Vec::new(),
            tail: Text::default(),
        };
        Node { name: name.into(), gap: None, body }
    }

    pub fn members(&self) -> &[Node] {
        match &self.body {
            Body::Leaf(_) => &[],
            Body::Container { members, .. } => members,
        }
    }

    pub fn members_mut(&mut self) -> Option<&mut Vec<Node>> {
        match &mut self.body {
            Body::Leaf(_) => None,
            Body::Container { members, .. } => Some(members),
        }
    }

    pub fn at(&self, path: &[String]) -> Option<&Node> {
        let Some((name, rest)) = path.split_first() else {
            return Some(self);
        };
        self.members().iter().find(|member| member.name == *name)?.at(rest)
    }

    pub fn at_mut(&mut self, path: &[String]) -> Option<&mut Node> {
        let Some((name, rest)) = path.split_first() else {
            return Some(self);
        };
        let members = self.members_mut()?;
        members.iter_mut().find(|member| member.name == *name)?.at_mut(rest)
    }

    /// Takes the item at `path` out of its container.
    pub fn remove(&mut self, path: &[String]) -> Option<Node> {
        let (name, container) = path.split_last()?;
        let members = self.at_mut(container)?.members_mut()?;
        let position = members.iter().position(|member| member.name == *name)?;
        Some(members.remove(position))
    }

    /// The lines, in their order, without the blank ones before it.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        self.collect(&mut lines);
        lines
    }

    fn collect(&self, lines: &mut Vec<String>) {
        match &self.body {
            Body::Leaf(text) => lines.extend_from_slice(&text.lines),
            Body::Container { head, members, tail } => {
                lines.extend_from_slice(&head.lines);
                for (index, member) in members.iter().enumerate() {
                    if index > 0 {
                        let gap = member.gap.unwrap_or(1);
                        lines.extend(std::iter::repeat_n("\n".into(), gap));
                    }
                    member.collect(lines);
                }
                lines.extend_from_slice(&tail.lines);
            }
        }
    }

    /// The same as one text.
    pub fn text(&self) -> Text {
        Text { first: self.first_line(), lines: self.lines() }
    }

    /// The number of its first line.
    pub fn first_line(&self) -> usize {
        match &self.body {
            Body::Leaf(text) => text.first,
            Body::Container { head, members, .. } if head.lines.is_empty() => {
                members.first().map_or(1, Node::first_line)
            }
            Body::Container { head, .. } => head.first,
        }
    }
}
