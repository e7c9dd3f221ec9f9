//! The exercises as the chapters have them.

use std::collections::BTreeSet;
use std::fs;

use book::answers::{Answer, Answers, Fails};
use book::build::root;
use book::directive::{Passage, passages};
use checks::checks::named;

/// An exercise of a chapter, its answer included.
struct Exercise {
    chapter: String,
    number: usize,
    text: String,
}

/// What the chapters and the answers say otherwise.
pub fn faults(answers: &Answers) -> Vec<String> {
    let mut faults = Vec::new();
    let mut exercises = Vec::new();
    for (chapter, text) in chapters() {
        let lines = (1..).zip(text.lines());
        let typed = lines.filter(|(_, line)| line.trim_start().starts_with("```rust"));
        let typed = typed.map(|(number, _)| {
            format!("{chapter}.md, line {number}: Rust that was typed by hand")
        });
        faults.extend(typed);
        exercises.extend(self::exercises(&chapter, &text));
    }
    for answer in answers.iter() {
        let fault = match exercises.iter().find(|exercise| exercise.is_for(answer)) {
            None => Some("its chapter has no such exercise".into()),
            Some(exercise) => unsaid(answer, exercise),
        };
        faults.extend(fault.map(|fault| format!("{}: {fault}", answer.place())));
    }
    for exercise in &exercises {
        let Exercise { chapter, number, .. } = exercise;
        let faults_here = unfounded(answers, exercise).into_iter();
        faults.extend(faults_here.map(|name| {
            format!("{chapter}.md, exercise {number}: no answer's table has {name}")
        }));
    }
    faults
}

/// The chapters' names and texts.
fn chapters() -> Vec<(String, String)> {
    let entries = fs::read_dir(root().join("chapters")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let paths = paths.filter(|path| path.extension().is_some_and(|it| it == "md"));
    let mut chapters: Vec<(String, String)> = paths
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    chapters.sort();
    chapters
}

fn exercises(chapter: &str, text: &str) -> Vec<Exercise> {
    let mut exercises: Vec<Exercise> = Vec::new();
    let lines = text.lines().skip_while(|line| *line != "## Exercises").skip(1);
    for line in lines.take_while(|line| !line.starts_with("## ")) {
        let number = line.split_once(". ").and_then(|(number, _)| number.parse().ok());
        if let Some(number) = number {
            let (chapter, text) = (chapter.to_owned(), String::new());
            exercises.push(Exercise { chapter, number, text });
        }
        if let Some(exercise) = exercises.last_mut() {
            exercise.text += line;
            exercise.text.push('\n');
        }
    }
    exercises
}

impl Exercise {
    fn is_for(&self, answer: &Answer) -> bool {
        self.chapter == answer.page() && self.number == answer.claim.exercise
    }

    /// The words with one space between them, wherever the lines end.
    fn flowing(&self) -> String {
        self.text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The checks that it names.
    fn checks(&self) -> BTreeSet<&str> {
        let spans = self.text.split('`').skip(1).step_by(2);
        let words = spans.flat_map(str::split_whitespace);
        words.filter(|word| named(word).is_some()).collect()
    }

    /// Whether a listing of it shows the answer.
    fn shows(&self, answer: &Answer) -> bool {
        passages(&self.text).unwrap().iter().any(|passage| match passage {
            Passage::Directive(directive) => {
                directive.name == "answer"
                    && directive.words.first() == Some(&answer.name)
            }
            Passage::Text(_) => false,
        })
    }
}

/// What the exercise doesn't say of its answer.
fn unsaid(answer: &Answer, exercise: &Exercise) -> Option<String> {
    let claim = &answer.claim;
    match &claim.told {
        Some(told) if !exercise.flowing().contains(told) => {
            return Some(format!("the exercise doesn't say \"{told}\""));
        }
        None if !exercise.shows(answer) => {
            return Some(
                "no listing shows it, and nothing of the exercise tells it".into(),
            );
        }
        _ => {}
    }
    // Of those that fail and those that pass, the fewer.
    let telling = match &claim.fails {
        Fails::These(names) => names,
        Fails::Word(_) => &claim.passes,
    };
    let told = exercise.checks();
    let mut registered = telling.iter().filter(|name| named(name).is_some());
    let missing = registered.find(|name| !told.contains(name.as_str()));
    missing.map(|name| format!("the exercise doesn't name {name}"))
}

/// The checks that an exercise names though no answer of it claims anything of them.
fn unfounded<'a>(answers: &Answers, exercise: &'a Exercise) -> BTreeSet<&'a str> {
    let mut names = exercise.checks();
    for answer in answers.iter().filter(|answer| exercise.is_for(answer)) {
        let Answer { claim, .. } = answer;
        let claimed = || claim.failing().iter().chain(&claim.passes);
        names.retain(|name| claimed().all(|other| other != name));
    }
    names
}
