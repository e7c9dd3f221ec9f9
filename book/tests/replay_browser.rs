//! The player of recorded runs, in a real browser.

// Other tests of the browser need more of it.
#[allow(dead_code, unused_imports)]
#[path = "browser/mod.rs"]
mod browser;

use std::collections::BTreeSet;

use book::build::root;
use book::record::kept::{self, RECORDINGS};
use browser::{Browser, SCREENS, Served};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use recording::Recording;
use serde_json::{Value, json};

const PLAYERS: &str = "[...document.querySelectorAll('.replay.plays')]";

/// The sizes that a player and its lanes take on after the first frame: what is below a player
/// must not move while it plays.
const CHANGES: &str = "
    const size = (it) => `${it.offsetWidth} x ${it.offsetHeight}`;
    const sizes = (player) =>
        [player, ...player.querySelectorAll('.lane')].map(size).join(', ');
    const changes = (player) => {
        const step = player.querySelector('.step');
        const first = sizes(player);
        const others = new Set();
        while (!step.disabled) {
            step.click();
            others.add(sizes(player));
        }
        others.delete(first);
        return [...others].map((other) => `${first} becomes ${other}`);
    };
    return document.fonts.ready.then(() =>
        [...document.querySelectorAll('.player')].flatMap(changes));";

/// A page with a player, such as `01-blocking-echo.html`, and the runs that its players show.
struct Chapter {
    page: String,
    runs: Vec<Vec<String>>,
}

fn chapters(book: &Served) -> Vec<Chapter> {
    let chapters = book.chapters.iter().map(|page| {
        let file = root().join("chapters").join(page.replace(".html", ".md"));
        let text = std::fs::read_to_string(file).unwrap();
        let names = text.lines().filter_map(|line| {
            let names = line.trim().strip_prefix("{{#replay ")?.strip_suffix("}}")?;
            Some(names.split_whitespace().map(str::to_string).collect())
        });
        Chapter { page: page.clone(), runs: names.collect() }
    });
    chapters.filter(|chapter| !chapter.runs.is_empty()).collect()
}

fn recording(name: &str) -> Recording {
    kept::replay(&root().join(RECORDINGS), name).unwrap()
}

/// The last line that a player of this run shows: an action of a client, or a call.
fn last_line(recording: &Recording) -> (String, String) {
    let event = recording.events.last().unwrap();
    match event.calls.last() {
        None => (event.action.clone(), String::new()),
        Some(call) => {
            let result = call.result();
            let result = result.map_or("sleeps".into(), |result| format!("= {result}"));
            (call.name().to_owned(), result)
        }
    }
}

async fn open(browser: &Browser, book: &Served, chapter: &Chapter) {
    browser.client.goto(&format!("{}{}", book.url, chapter.page)).await.unwrap();
    let count = chapter.runs.len();
    browser.wait(&format!("return {PLAYERS}.length === {count}")).await;
}

async fn prefer_motion(browser: &Browser, value: &str) {
    let feature = json!([{ "name": "prefers-reduced-motion", "value": value }]);
    browser.chrome("Emulation.setEmulatedMedia", json!({ "features": feature })).await;
}

async fn press(browser: &Browser, key: char) {
    let keys = KeyActions::new("keyboard".into());
    let keys =
        keys.then(KeyAction::Down { value: key }).then(KeyAction::Up { value: key });
    browser.client.perform_actions(keys).await.unwrap();
}

/// `3 / 30`.
async fn place(browser: &Browser) -> (u64, u64) {
    let text = browser.value("return document.querySelector('.count').textContent").await;
    let (now, all) = text.as_str().unwrap().split_once(" / ").unwrap();
    (now.parse().unwrap(), all.parse().unwrap())
}

#[tokio::test]
async fn every_player_is_stepped_to_the_last_recorded_call() {
    let Some(browser) = Browser::start().await else { return };
    let book = Served::start();
    let chapters = chapters(&book);
    assert!(!chapters.is_empty(), "no chapter has a replay");
    for chapter in &chapters {
        open(&browser, &book, chapter).await;
        for (index, names) in chapter.runs.iter().enumerate() {
            let shown = browser
                .value(&format!(
                    "const player = {PLAYERS}[{index}];
                     const step = player.querySelector('.step');
                     let steps = 0;
                     while (!step.disabled && steps < 1000) {{ step.click(); steps += 1; }}
                     return [...player.querySelectorAll('.stage')].map((stage) =>
                         [steps, stage.querySelector('[aria-current]').textContent,
                          stage.querySelectorAll('.log li[hidden]').length]);"
                ))
                .await;
            for (stage, name) in names.iter().enumerate() {
                let (line, result) = last_line(&recording(name));
                let text = shown[stage][1].as_str().unwrap();
                assert!(text.contains(&line) && text.contains(&result), "{name}: {text}");
                assert_eq!(shown[stage][2], 0, "{name}: lines are hidden at the end");
                assert!(shown[stage][0].as_u64() > Some(3), "{name}: {shown}");
            }
        }
        assert_eq!(browser.console().await, Vec::<String>::new());
    }
    browser.close().await;
}

#[tokio::test]
async fn the_keys_step_a_player_that_has_the_focus_and_turn_pages_otherwise() {
    let Some(browser) = Browser::start().await else { return };
    let book = Served::start();
    let chapters = chapters(&book);
    let page = &chapters[0].page;
    open(&browser, &book, &chapters[0]).await;
    browser.value("document.querySelector('.player').focus()").await;
    let (start, all) = place(&browser).await;
    assert_eq!(start, 1);
    for (key, expected) in [
        (Key::Right, 2),
        (Key::Right, 3),
        (Key::Left, 2),
        (Key::End, all),
        (Key::Home, 1),
    ] {
        press(&browser, key.into()).await;
        assert_eq!(place(&browser).await.0, expected);
    }
    // Space plays until it is pressed again.
    press(&browser, ' ').await;
    browser
        .wait("return document.querySelector('.count').textContent.startsWith('2 ')")
        .await;
    let playing = "return document.querySelector('.play').getAttribute('aria-label')";
    assert_eq!(browser.value(playing).await, "Pause");
    press(&browser, ' ').await;
    assert_eq!(browser.value(playing).await, "Play");
    // The slider goes where it is put, and its keys are the player's.
    browser.value("document.querySelector('.scrub').focus()").await;
    press(&browser, Key::Right.into()).await;
    let path = browser.value("return location.pathname").await;
    assert_eq!(path, format!("/{page}"), "the player's keys turned the page");
    browser
        .value(
            "const scrub = document.querySelector('.scrub');
             scrub.value = scrub.max;
             scrub.dispatchEvent(new Event('input'));",
        )
        .await;
    assert_eq!(place(&browser).await, (all, all));
    let news = browser.value("return document.querySelector('.news').textContent").await;
    assert!(!news.as_str().unwrap().is_empty(), "nothing is announced");

    browser.value("document.activeElement.blur()").await;
    press(&browser, Key::Right.into()).await;
    browser.wait(&format!("return location.pathname !== '/{page}'")).await;
    browser.close().await;
}

#[tokio::test]
async fn where_less_motion_is_asked_for_nothing_moves_by_itself() {
    let Some(browser) = Browser::start().await else { return };
    let book = Served::start();
    let chapters = chapters(&book);
    prefer_motion(&browser, "reduce").await;
    open(&browser, &book, &chapters[0]).await;
    let moving = browser
        .value(
            "const shown = (name) => document.querySelector(name).checkVisibility();
             document.querySelectorAll('.step').forEach((step) => {
                 while (!step.disabled) step.click();
             });
             return [shown('.play'), shown('.pace'), document.getAnimations().length];",
        )
        .await;
    assert_eq!(moving, json!([false, false, 0]));
    browser.value("document.querySelector('.player').focus()").await;
    press(&browser, Key::Home.into()).await;
    press(&browser, ' ').await;
    press(&browser, Key::Right.into()).await;
    assert_eq!(place(&browser).await.0, 2);
    prefer_motion(&browser, "no-preference").await;
    browser.wait("return document.querySelector('.play').checkVisibility()").await;
    browser.close().await;
}

#[tokio::test]
#[ignore = "the long tier: cargo test --no-fail-fast -- --ignored"]
async fn without_scripts_the_run_is_a_table() {
    let Some(browser) = Browser::start().await else { return };
    let book = Served::start();
    for screen in [&SCREENS[0], &SCREENS[1]] {
        browser.show_on(screen).await;
        for chapter in &chapters(&book) {
            let off = |value: bool| json!({ "value": value });
            browser.chrome("Emulation.setScriptExecutionDisabled", off(true)).await;
            browser.client.goto(&format!("{}{}", book.url, chapter.page)).await.unwrap();
            browser.chrome("Emulation.setScriptExecutionDisabled", off(false)).await;
            let tables = browser
                .value(
                    "return [...document.querySelectorAll('.replay table')].map((table) =>
                        [table.checkVisibility(), table.tBodies[0].rows.length,
                         document.querySelectorAll('.player').length,
                         table.querySelector('tbody th').clientWidth / table.clientWidth]);",
                )
                .await;
            let tables = tables.as_array().cloned().unwrap_or_default();
            let names: Vec<&String> = chapter.runs.iter().flatten().collect();
            assert_eq!(tables.len(), names.len(), "{}", chapter.page);
            for (table, name) in tables.iter().zip(names) {
                assert_eq!((&table[0], &table[2]), (&Value::from(true), &Value::from(0)));
                let events = recording(name).events;
                let actions =
                    events.iter().filter(|event| event.client.is_some()).count();
                let calls: usize = events.iter().map(|event| event.calls.len()).sum();
                assert_eq!(table[1], actions + calls, "{name}");
                let least = if screen.is_phone { 0.8 } else { 0.35 };
                assert!(table[3].as_f64() > Some(least), "{name}: {table}");
            }
        }
    }
    browser.close().await;
}

#[tokio::test]
#[ignore = "the long tier: cargo test --no-fail-fast -- --ignored"]
async fn a_player_keeps_its_size_from_the_first_frame_to_the_last() {
    let Some(browser) = Browser::start().await else { return };
    let book = Served::start();
    let mut faults = Vec::new();
    for screen in &SCREENS {
        browser.show_on(screen).await;
        for chapter in &chapters(&book) {
            open(&browser, &book, chapter).await;
            let changes = browser.value(CHANGES).await;
            for change in changes.as_array().expect("a list") {
                faults.push(format!("{}, {}: {change}", chapter.page, screen.name));
            }
        }
    }
    browser.close().await;
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[tokio::test]
async fn no_system_call_takes_more_than_two_lines_of_a_desktop() {
    let Some(browser) = Browser::start().await else { return };
    let book = Served::start();
    browser.show_on(&SCREENS[0]).await;
    let mut faults = Vec::new();
    for page in &book.chapters {
        browser.client.goto(&format!("{}{page}", book.url)).await.unwrap();
        let long = browser
            .value(
                "const lines = (row) => row.clientHeight / parseFloat(getComputedStyle(row).lineHeight);
                 return document.fonts.ready.then(() =>
                     [...document.querySelectorAll('.calls tr:not(.event)')]
                         .filter((row) => lines(row) > 2.5).map((row) => row.textContent));",
            )
            .await;
        let long = long.as_array().cloned().unwrap_or_default();
        faults.extend(long.iter().map(|call| format!("{page}: {call}")));
    }
    browser.close().await;
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[tokio::test]
#[ignore = "the long tier: cargo test --no-fail-fast -- --ignored"]
async fn what_a_player_says_can_be_read_in_every_theme() {
    let Some(browser) = Browser::start().await else { return };
    let book = Served::start();
    let mut seen = BTreeSet::new();
    for theme in ["light", "rust", "coal", "navy", "ayu"] {
        browser.client.goto(&book.url).await.unwrap();
        browser.value(&format!("localStorage.setItem('mdbook-theme', '{theme}')")).await;
        for chapter in chapters(&book).iter().take(3) {
            open(&browser, &book, chapter).await;
            let faint = browser.value(include_str!("browser/contrast.js")).await;
            for fault in faint.as_array().cloned().unwrap_or_default() {
                seen.insert(format!("{theme}: {fault}"));
            }
        }
    }
    browser.close().await;
    assert!(seen.is_empty(), "too little contrast:\n{seen:#?}");
}
