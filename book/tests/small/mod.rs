//! A small book about two steps, with a stage on the way to the second.

use std::fs;
use std::path::PathBuf;

use book::build::build;
use tempfile::TempDir;

pub struct Small(TempDir);

const ONE: &str = "fn main() {\n    println!(\"one\");\n}\n";
const HALF: &str =
    "fn main() {\n    println!(\"{}\", half());\n}\n\nfn half() -> u8 {\n    1\n}\n";
const TWO: &str = "mod two;\n\nfn main() {\n    println!(\"{}\", two::two());\n}\n";
const OTHER: &str = "pub fn two() -> u8 {\n    2\n}\n";

pub const CHAPTER: &str = "\
# Two

{{#builds}}

{{#listing 02-two/Cargo.toml}}

{{#listing 02-two/src/main.rs main}}

{{#listing 02-two/src/main.rs half}}

{{#stage 1-half}}

{{#listing 02-two/src/two.rs}}

{{#builds test}}

{{#listing 02-two/src/main.rs imports main}}

{{#removed 1-half/src/main.rs half}}
";

fn manifest(name: &str) -> String {
    format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n")
}

impl Small {
    pub fn new() -> Small {
        let small = Small(tempfile::tempdir().unwrap());
        small.write(
            "book/book.toml",
            "[book]\ntitle = \"Small\"\n[build]\nuse-default-preprocessors = false\n\
             [preprocessor.lander]\ncommand = \"false\"\n[output.html]\ninput-404 = \"\"\n\
             [output.html.print]\nenable = false\n",
        );
        small.write("book/src/SUMMARY.md", "- [One](01-one.md)\n- [Two](02-two.md)\n");
        let one =
            "# One\n\n{{#listing 01-one/Cargo.toml}}\n{{#listing 01-one/src/main.rs}}\n";
        small.write("book/src/01-one.md", one);
        small.write("book/src/02-two.md", CHAPTER);
        small.write("steps/01-one/Cargo.toml", &manifest("step1"));
        small.write("steps/01-one/src/main.rs", ONE);
        small.write("book/stages/02-two/1-half/src/main.rs", HALF);
        small.write("book/stages/02-two/1-half/stage.toml", "same = [\"Cargo.toml\"]\n");
        small.write("steps/02-two/Cargo.toml", &manifest("step2"));
        small.write("steps/02-two/src/main.rs", TWO);
        small.write("steps/02-two/src/two.rs", OTHER);
        small
    }

    /// The same with a second page for the second step, behind the stage.
    pub fn with_two_pages() -> Small {
        let small = Small::new();
        let (first, second) = CHAPTER.split_once("{{#stage 1-half}}").unwrap();
        small.write("book/src/02-two.md", &format!("{first}{{{{#stage 1-half}}}}\n"));
        small.write("book/src/02-more.md", &format!("# More\n{second}"));
        small.write(
            "book/stages/02-two/1-half/stage.toml",
            "same = [\"Cargo.toml\"]\nnext_page = \"02-more\"\n",
        );
        small.write(
            "book/src/SUMMARY.md",
            "- [One](01-one.md)\n- [Two](02-two.md)\n- [More](02-more.md)\n",
        );
        small
    }

    pub fn write(&self, file: &str, text: &str) {
        let file = self.0.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    pub fn change(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.0.path().join(file)).unwrap();
        assert!(text.contains(from), "{from}");
        self.write(file, &text.replace(from, to));
    }

    /// The folder of its book.toml.
    pub fn root(&self) -> PathBuf {
        self.0.path().join("book")
    }

    /// The folder of its pages, or why there are none.
    pub fn built(&self) -> Result<PathBuf, String> {
        match build(&self.root(), None) {
            Ok(built) => Ok(built.pages),
            Err(error) => Err(format!("{error:#}")),
        }
    }
}
