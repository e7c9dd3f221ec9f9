//! The preprocessor: chapters with directives in, chapters with HTML out.

use anyhow::Result;
use mdbook_preprocessor::book::{Book, BookItem};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use crate::publish::publish;
use crate::sources::Sources;
use crate::writer::filled_in;

/// The name of the table in book.toml.
pub const NAME: &str = "lander";

pub struct Lander;

impl Preprocessor for Lander {
    fn name(&self) -> &str {
        NAME
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let chapters = context.root.join(&context.config.book.src);
        let sources = Sources::open(&context.root, &chapters)?;
        let shown = sources.steps.pages().chain(sources.answers.pages());
        publish(shown, &chapters)?;
        let mut done = Ok(());
        book.for_each_mut(|item| {
            if let BookItem::Chapter(chapter) = item
                && let Some(file) = &chapter.path
                && done.is_ok()
            {
                let filled =
                    filled_in(&chapter.content, &file.to_string_lossy(), &sources);
                done = filled.map(|text| chapter.content = text);
            }
        });
        done.map(|()| book)
    }
}
