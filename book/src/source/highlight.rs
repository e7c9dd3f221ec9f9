//! Which words of a Rust file are keywords, strings, types: read from its tokens.

use std::ops::Range;
use std::str::FromStr;

use proc_macro2::{Delimiter, Spacing, Span, TokenStream, TokenTree};

/// The class of a word, as the style sheet has it.
pub type Class = &'static str;

const KEYWORD: Class = "k";
const TYPE: Class = "t";
const FUNCTION: Class = "f";
const MACRO: Class = "m";
const TEXT: Class = "s";
const NUMBER: Class = "n";
const LIFETIME: Class = "l";
const ATTRIBUTE: Class = "a";
const COMMENT: Class = "c";

/// For each line, the ranges of its bytes that have a class, in their order.
pub fn classes(source: &str) -> Vec<Vec<(Range<usize>, Class)>> {
    let (mut lines, mut start) = (Vec::new(), 0);
    for line in source.split_inclusive('\n') {
        lines.push((start, line));
        start += line.len();
    }
    let mut page = Page { classes: vec![Vec::new(); lines.len()], lines };
    if let Ok(tokens) = TokenStream::from_str(source) {
        page.tokens(tokens);
    }
    page.comments();
    for line in &mut page.classes {
        line.sort_by_key(|(range, _)| range.start);
    }
    page.classes
}

struct Page<'a> {
    /// Each with the place of its first byte.
    lines: Vec<(usize, &'a str)>,
    classes: Vec<Vec<(Range<usize>, Class)>>,
}

impl Page<'_> {
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            let next = tokens.get(index + 1);
            let span = token.span();
            match token {
                TokenTree::Group(group) => {
                    let before =
                        |back| index.checked_sub(back).map(|index| &tokens[index]);
                    let has_hash = is_punct(before(1), '#')
                        || is_punct(before(1), '!') && is_punct(before(2), '#');
                    if group.delimiter() == Delimiter::Bracket && has_hash {
                        self.mark(span, ATTRIBUTE);
                    } else {
                        self.tokens(group.stream());
                    }
                }
                TokenTree::Ident(name) => {
                    if let Some(class) = class_of(&name.to_string(), next) {
                        self.mark(span, class);
                    }
                }
                TokenTree::Literal(literal) => {
                    let class =
                        match literal.to_string().starts_with(|it: char| it.is_numeric())
                        {
                            true => NUMBER,
                            false => TEXT,
                        };
                    self.mark(span, class);
                }
                TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                    let name = next.and_then(|name| span.join(name.span()));
                    self.mark(name.unwrap_or(span), LIFETIME);
                }
                TokenTree::Punct(_) => {}
            }
        }
    }

    fn mark(&mut self, span: Span, class: Class) {
        let bytes = span.byte_range();
        for at in span.start().line - 1..span.end().line {
            let (start, line) = self.lines[at];
            let indent = line.len() - line.trim_start().len();
            let from = bytes.start.max(start + indent) - start;
            let to = bytes.end.min(start + line.trim_end().len()) - start;
            let marked = &mut self.classes[at];
            if from < to && !marked.iter().any(|(range, _)| range.contains(&from)) {
                marked.push((from..to, class));
            }
        }
    }

    /// Comments are what no token covers.
    fn comments(&mut self) {
        for ((_, line), classes) in self.lines.iter().zip(&mut self.classes) {
            for (at, _) in line.match_indices("//") {
                let inside = classes.iter().any(|(range, class)| {
                    range.contains(&at) && [TEXT, COMMENT].contains(class)
                });
                if !inside {
                    classes.retain(|(range, _)| range.start < at);
                    classes.push((at..line.trim_end().len(), COMMENT));
                    break;
                }
            }
        }
    }
}

fn is_punct(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

fn class_of(name: &str, next: Option<&TokenTree>) -> Option<Class> {
    const KEYWORDS: &[&str] = &[
        "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else",
        "enum", "extern", "false", "fn", "for", "if", "impl", "in", "let", "loop",
        "match", "mod", "move", "mut", "pub", "raw", "ref", "return", "self", "Self",
        "static", "struct", "super", "trait", "true", "type", "unsafe", "use", "where",
        "while",
    ];
    let is_call = matches!(next, Some(TokenTree::Group(group))
        if group.delimiter() == Delimiter::Parenthesis);
    if KEYWORDS.contains(&name) {
        return Some(KEYWORD);
    }
    if matches!(next, Some(TokenTree::Punct(it))
        if it.as_char() == '!' && it.spacing() == Spacing::Alone)
    {
        return Some(MACRO);
    }
    match name.bytes().find(u8::is_ascii_alphabetic) {
        Some(first) if first.is_ascii_uppercase() => Some(TYPE),
        _ if is_call => Some(FUNCTION),
        _ if matches!(
            name,
            "u8" | "i8" | "u16" | "u64" | "usize" | "str" | "bool" | "char"
        ) =>
        {
            Some(TYPE)
        }
        _ => None,
    }
}
