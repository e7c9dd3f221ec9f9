use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use clap::{Parser, Subcommand};
use mdbook_preprocessor::{Preprocessor, parse_input};

use book::build::{Built, build, root};
use book::preprocessor::Lander;
use book::record::record;
use book::serve::{bind, serve, welcome};

/// Builds the book and serves it.
#[derive(Parser)]
#[command(name = "book", max_term_width = 90)]
struct Arguments {
    /// Where to serve it; port 0 takes a free one.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,

    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Subcommand)]
enum Task {
    /// Builds the book and does no more.
    Build,
    /// Runs the chapters' commands and keeps what they print.
    Record {
        /// Chapters or runs, as in `3` or `03-calls`; all if none is named.
        wanted: Vec<String>,
    },
    /// Fills in the directives of the chapters on stdin; mdBook runs this.
    Preprocess {
        #[command(subcommand)]
        question: Option<Question>,
    },
}

#[derive(Subcommand)]
enum Question {
    /// Answers by its status whether the preprocessor supports a renderer: it does.
    Supports { renderer: String },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.task {
        None => build_and_serve(arguments.listen),
        Some(Task::Build) => build_pages().map(drop),
        Some(Task::Record { wanted }) => {
            record(&root(), &wanted, |line| println!("{line}"))
        }
        Some(Task::Preprocess { question: None }) => preprocess(),
        Some(Task::Preprocess { question: Some(Question::Supports { .. }) }) => Ok(()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("book: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn build_and_serve(listen: SocketAddr) -> Result<()> {
    // A port that is taken is known before the book is built.
    let server = bind(listen)?;
    let address = server.address().unwrap_or(listen);
    let pages = build_pages()?;
    println!("{}", welcome(address));
    serve(&server, &pages)
}

fn build_pages() -> Result<PathBuf> {
    let (root, start) = (root(), Instant::now());
    println!("Building the book from {}", shown(&root.join("chapters")));
    let Built { pages, warnings } = build(&root, None)?;
    for warning in warnings {
        eprintln!("warning: {warning}");
    }
    println!("Built {} in {:.1} s", shown(&pages), start.elapsed().as_secs_f32());
    Ok(pages)
}

/// A path as seen from the current folder, where it is below it.
fn shown(path: &Path) -> String {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(&path).display().to_string()
}

fn preprocess() -> Result<()> {
    let (context, book) = parse_input(io::stdin().lock())?;
    let book = Lander.run(&context, book)?;
    let mut stdout = io::stdout().lock();
    serde_json::to_writer(&mut stdout, &book)?;
    stdout.flush()?;
    Ok(())
}
