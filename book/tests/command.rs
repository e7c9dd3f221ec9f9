//! The command: what mdBook gets from it, and a reader whose port is taken.

use std::io::Write;
use std::net::TcpListener;
use std::process::{Command, Stdio};

use book::build::root;
use book::preprocessor::Lander;
use mdbook_driver::MDBook;
use mdbook_driver::book::Book;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

#[test]
fn mdbook_gets_the_same_chapters() {
    let book = MDBook::load(root()).unwrap();
    let context = PreprocessorContext::new(root(), book.config.clone(), "html".into());
    let ours = Lander.run(&context, book.book.clone()).unwrap();

    let program = env!("CARGO_BIN_EXE_book");
    let supports =
        Command::new(program).args(["preprocess", "supports", "html"]).status();
    assert!(supports.unwrap().success());
    let mut child = Command::new(program)
        .arg("preprocess")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input = serde_json::to_vec(&(&context, &book.book)).unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::thread::spawn(move || stdin.write_all(&input).unwrap());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let theirs: Book = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(theirs, ours);
}

#[test]
fn a_port_that_is_taken_is_one_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let listen = ["--listen", &address.to_string()];
    let ended = Command::new(env!("CARGO_BIN_EXE_book")).args(listen).output().unwrap();
    let expected = format!(
        "book: another program listens on {address} already; `--listen 127.0.0.1:8000` serves \
         the book elsewhere\n"
    );
    assert_eq!(String::from_utf8_lossy(&ended.stderr), expected);
    assert_eq!((ended.status.code(), ended.stdout.as_slice()), (Some(1), &b""[..]));
}
