//! From a file's text to its outline.

use anyhow::{Result, anyhow, ensure};
use proc_macro2::{Span, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{AttrStyle, Attribute, Item, ItemMacro, ItemMod, Type};

use super::node::{Body, Node, Text};

/// The outline of a Rust file.
pub fn outline(source: &str) -> Result<Node> {
    let file = syn::parse_file(source).map_err(|error| {
        anyhow!("line {}: it isn't Rust ({error})", error.span().start().line)
    })?;
    let mut cutter = Cutter { lines: source.split_inclusive('\n').collect(), next: 0 };
    let members = cutter.nodes(pieces(&file.attrs, &file.items));
    let tail = cutter.upto(cutter.lines.len());
    let node = Node {
        name: String::new(),
        gap: None,
        body: Body::Container { head: Text::default(), members, tail },
    };
    ensure!(node.lines().concat() == source, "its items share lines or blank lines");
    Ok(node)
}

/// The outline of a file that isn't Rust: one node.
pub fn document(text: &str) -> Node {
    let lines = text.split_inclusive('\n').map(str::to_owned).collect();
    Node { name: String::new(), gap: None, body: Body::Leaf(Text { first: 1, lines }) }
}

/// Cuts a file from the top, whole lines at a time.
struct Cutter<'a> {
    lines: Vec<&'a str>,
    /// The first line that isn't cut off yet, from 0.
    next: usize,
}

impl Cutter<'_> {
    /// The lines up to and with the one that has the number `end`.
    fn upto(&mut self, end: usize) -> Text {
        let end = end.max(self.next);
        let lines = self.lines[self.next..end].iter().map(|&line| line.into()).collect();
        let text = Text { first: self.next + 1, lines };
        self.next = end;
        text
    }

    fn gap(&mut self) -> usize {
        let rest = &self.lines[self.next..];
        let gap = rest.iter().take_while(|line| line.trim().is_empty()).count();
        self.next += gap;
        gap
    }

    fn nodes(&mut self, pieces: Vec<Piece>) -> Vec<Node> {
        let mut nodes: Vec<Node> = Vec::new();
        for Piece { name, span, inside } in pieces {
            let alike = |node: &&Node| node.name.split('#').next() == Some(&name);
            let name = match nodes.iter().filter(alike).count() {
                0 => name,
                before => format!("{name}#{}", before + 1),
            };
            let gap = self.gap();
            let body = match inside.first() {
                None => Body::Leaf(self.upto(span.end().line)),
                Some(first) => {
                    let head = self.upto(self.before(first.span.start().line));
                    let members = self.nodes(inside);
                    Body::Container { head, members, tail: self.upto(span.end().line) }
                }
            };
            nodes.push(Node { name, gap: (!nodes.is_empty()).then_some(gap), body });
        }
        nodes
    }

    /// The number of the last line that isn't blank and no comment, before line `number`.
    fn before(&self, number: usize) -> usize {
        let above = &self.lines[..number - 1];
        let is_code = |line: &&str| {
            let line = line.trim();
            !line.is_empty() && !line.starts_with("//")
        };
        above.iter().rposition(is_code).map_or(0, |index| index + 1)
    }
}

/// What becomes a node: an item or a member of one.
struct Piece {
    name: String,
    span: Span,
    inside: Vec<Piece>,
}

impl Piece {
    /// A member of an `impl` or a trait.
    fn member(member: &impl ToTokens) -> Piece {
        Piece { name: name(member), span: member.span(), inside: Vec::new() }
    }

    fn item(item: &Item) -> Piece {
        let (name, inside) = match item {
            Item::Impl(it) => {
                (impl_head(it), it.items.iter().map(Piece::member).collect())
            }
            Item::Trait(it) => (name(it), it.items.iter().map(Piece::member).collect()),
            Item::Mod(ItemMod { attrs, content: Some((_, items)), .. }) => {
                (name(item), pieces(attrs, items))
            }
            Item::Macro(ItemMacro { ident: Some(name), .. }) => {
                (format!("{name}!"), Vec::new())
            }
            Item::Macro(it) => (last_name(&it.mac.path), Vec::new()),
            item => (name(item), Vec::new()),
        };
        Piece { name, span: item.span(), inside }
    }
}

/// What a file or a module is made of; its inner attributes and imports are one piece.
fn pieces(attributes: &[Attribute], items: &[Item]) -> Vec<Piece> {
    let count = items.iter().take_while(|item| is_import(item)).count();
    let (imports, items) = items.split_at(count);
    let inner = attributes.iter().filter(|it| matches!(it.style, AttrStyle::Inner(_)));
    let spans = inner.map(Spanned::span).chain(imports.iter().map(Spanned::span));
    let whole = spans.reduce(|first, last| first.join(last).unwrap_or(last));
    let imports =
        whole.map(|span| Piece { name: "imports".into(), span, inside: Vec::new() });
    imports.into_iter().chain(items.iter().map(Piece::item)).collect()
}

fn is_import(item: &Item) -> bool {
    match item {
        Item::Use(_) | Item::ExternCrate(_) => true,
        Item::Mod(module) => module.content.is_none(),
        _ => false,
    }
}

/// The first word that only this item has.
fn name(item: &impl ToTokens) -> String {
    const BEFORE: &[&str] = &[
        "pub", "const", "static", "mut", "async", "unsafe", "extern", "fn", "struct",
        "enum", "union", "type", "trait", "mod",
    ];
    let words = item.to_token_stream().into_iter().filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    });
    words.into_iter().find(|word| !BEFORE.contains(&&**word)).unwrap_or("item".into())
}

fn impl_head(item: &syn::ItemImpl) -> String {
    let of = type_name(&item.self_ty);
    match &item.trait_ {
        Some((name, _)) => format!("impl {} for {of}", last_name(name)),
        None => format!("impl {of}"),
    }
}

fn type_name(of: &Type) -> String {
    match of {
        Type::Path(path) => last_name(&path.path),
        Type::Reference(reference) => type_name(&reference.elem),
        _ => "type".into(),
    }
}

fn last_name(path: &syn::Path) -> String {
    path.segments.last().map_or(String::new(), |last| last.ident.to_string())
}
