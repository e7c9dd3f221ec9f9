//! From a file's text to its outline.

use anyhow::{Result, anyhow, ensure};
use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{ImplItem, Item, TraitItem, Type};

use super::node::{Body, Node, Text};

/// The outline of a Rust file.
pub fn outline(source: &str) -> Result<Node> {
    let file = syn::parse_file(source).map_err(|error| {
        anyhow!("line {}: it isn't Rust ({error})", error.span().start().line)
    })?;
    let mut cutter = Cutter { lines: source.split_inclusive('\n').collect(), next: 0 };
    let mut members = Vec::new();
    cutter.items(&file.attrs, &file.items, &mut members);
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

    fn items(&mut self, inner: &[syn::Attribute], items: &[Item], into: &mut Vec<Node>) {
        let imports = items.iter().take_while(|item| is_import(item)).count();
        let last = items[..imports].last().map(Spanned::span);
        if let Some(last) = last.or_else(|| inner.last().map(Spanned::span)) {
            self.leaf("imports".into(), last, into);
        }
        for item in &items[imports..] {
            self.item(item, into);
        }
    }

    fn item(&mut self, item: &Item, into: &mut Vec<Node>) {
        let span = item.span();
        match item {
            Item::Impl(item) => {
                let members =
                    item.items.iter().map(|member| (impl_name(member), member.span()));
                self.container(impl_head(item), span, members.collect(), into);
            }
            Item::Trait(item) => {
                let members =
                    item.items.iter().map(|member| (trait_name(member), member.span()));
                self.container(item.ident.to_string(), span, members.collect(), into);
            }
            Item::Mod(module) => match &module.content {
                Some((_, items)) if !items.is_empty() => {
                    self.module(
                        module.ident.to_string(),
                        span,
                        &module.attrs,
                        items,
                        into,
                    );
                }
                _ => self.leaf(module.ident.to_string(), span, into),
            },
            item => self.leaf(item_name(item), span, into),
        }
    }

    fn leaf(&mut self, name: String, span: Span, into: &mut Vec<Node>) {
        let gap = self.gap();
        let text = self.upto(span.end().line);
        push(name, gap, Body::Leaf(text), into);
    }

    fn container(
        &mut self,
        name: String,
        span: Span,
        inside: Vec<(String, Span)>,
        into: &mut Vec<Node>,
    ) {
        let Some((_, first)) = inside.first() else {
            return self.leaf(name, span, into);
        };
        let gap = self.gap();
        let head = self.upto(self.before(first.start().line));
        let mut members = Vec::new();
        for (name, span) in inside {
            self.leaf(name, span, &mut members);
        }
        let tail = self.upto(span.end().line);
        push(name, gap, Body::Container { head, members, tail }, into);
    }

    fn module(
        &mut self,
        name: String,
        span: Span,
        attributes: &[syn::Attribute],
        items: &[Item],
        into: &mut Vec<Node>,
    ) {
        let gap = self.gap();
        let inner =
            attributes.iter().filter(|it| matches!(it.style, syn::AttrStyle::Inner(_)));
        let first = inner.map(Spanned::span).next().unwrap_or_else(|| items[0].span());
        let head = self.upto(self.before(first.start().line));
        let mut members = Vec::new();
        self.items(&[], items, &mut members);
        let tail = self.upto(span.end().line);
        push(name, gap, Body::Container { head, members, tail }, into);
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

fn push(name: String, gap: usize, body: Body, into: &mut Vec<Node>) {
    let alike =
        |other: &&Node| other.name == name || other.name.starts_with(&format!("{name}#"));
    let name = match into.iter().filter(alike).count() {
        0 => name,
        before => format!("{name}#{}", before + 1),
    };
    let gap = (!into.is_empty()).then_some(gap);
    into.push(Node { name, gap, body });
}

fn is_import(item: &Item) -> bool {
    match item {
        Item::Use(_) | Item::ExternCrate(_) => true,
        Item::Mod(module) => module.content.is_none(),
        _ => false,
    }
}

fn item_name(item: &Item) -> String {
    match item {
        Item::Const(item) => item.ident.to_string(),
        Item::Enum(item) => item.ident.to_string(),
        Item::Fn(item) => item.sig.ident.to_string(),
        Item::Static(item) => item.ident.to_string(),
        Item::Struct(item) => item.ident.to_string(),
        Item::Type(item) => item.ident.to_string(),
        Item::Union(item) => item.ident.to_string(),
        Item::Macro(item) => match &item.ident {
            Some(name) => format!("{name}!"),
            None => item
                .mac
                .path
                .segments
                .last()
                .map_or("macro".into(), |it| it.ident.to_string()),
        },
        Item::Use(_) => "use".into(),
        _ => "item".into(),
    }
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

fn impl_name(item: &ImplItem) -> String {
    match item {
        ImplItem::Const(item) => item.ident.to_string(),
        ImplItem::Fn(item) => item.sig.ident.to_string(),
        ImplItem::Type(item) => item.ident.to_string(),
        _ => "item".into(),
    }
}

fn trait_name(item: &TraitItem) -> String {
    match item {
        TraitItem::Const(item) => item.ident.to_string(),
        TraitItem::Fn(item) => item.sig.ident.to_string(),
        TraitItem::Type(item) => item.ident.to_string(),
        _ => "item".into(),
    }
}
