//! The book in a real browser: on a desktop and on phones, in a light and a dark theme.
//! `SCREENSHOTS=DIR cargo test -p book --test browser` leaves a picture of each.

#[path = "browser/mod.rs"]
mod browser;

use std::fs;

use browser::{Browser, DARK, LIGHT, SCREENS, Served, screenshots};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;

const TOO_WIDE: &str = "
    const page = document.documentElement;
    if (page.scrollWidth <= innerWidth) return [];
    const isInBox = (element) => element.closest('.code, .table-wrapper, pre') !== null;
    return [...document.querySelectorAll('main *')]
        .filter((element) => element.getBoundingClientRect().right > innerWidth)
        .filter((element) => !isInBox(element))
        .map((element) => element.outerHTML.slice(0, 80));";

/// The words of pictures that are drawn with less than 10 pixels.
const TOO_SMALL: &str = "
    const size = (text) => {
        const svg = text.ownerSVGElement;
        const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
        return parseFloat(getComputedStyle(text).fontSize) * scale;
    };
    return [...document.querySelectorAll('.picture text')]
        .filter((text) => size(text) < 10)
        .map((text) => `${text.textContent}: ${size(text)} pixels`);";

#[tokio::test]
async fn every_chapter_fits_every_screen_in_the_light_theme() {
    every_chapter_fits_every_screen(LIGHT).await;
}

#[tokio::test]
#[ignore = "the long tier: cargo test --no-fail-fast -- --ignored"]
async fn every_chapter_fits_every_screen_in_the_dark_theme() {
    every_chapter_fits_every_screen(DARK).await;
}

async fn every_chapter_fits_every_screen(theme: &str) {
    let Some(browser) = Browser::start().await else { return };
    let book = Served::start();
    let mut faults = Vec::new();
    browser.client.goto(&book.url).await.unwrap();
    browser.value(&format!("localStorage.setItem('mdbook-theme', '{theme}')")).await;
    for screen in &SCREENS {
        browser.show_on(screen).await;
        for chapter in &book.chapters {
            let name = chapter.trim_end_matches(".html");
            let place = format!("{name}, {}, {theme}", screen.name);
            browser.client.goto(&format!("{}{chapter}", book.url)).await.unwrap();
            browser.value("return document.fonts.ready.then(() => true)").await;
            let has_theme = "return document.documentElement.classList.contains";
            if browser.value(&format!("{has_theme}('{theme}')")).await != true {
                faults.push(format!("{place}: another theme is shown"));
            }
            let wide = browser.value(TOO_WIDE).await;
            if wide != serde_json::json!([]) {
                faults.push(format!("{place}: wider than the page: {wide}"));
            }
            let small = browser.value(TOO_SMALL).await;
            if small != serde_json::json!([]) {
                faults.push(format!("{place}: too small to be read: {small}"));
            }
            for words in browser.console().await {
                faults.push(format!("{place}: the console says {words}"));
            }
            if let Some(folder) = screenshots() {
                let file = folder.join(format!("{name}-{}-{theme}.png", screen.name));
                fs::write(file, browser.picture(screen).await).unwrap();
            }
        }
    }
    browser.close().await;
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[tokio::test]
async fn search_and_the_keyboard_work() {
    let Some(browser) = Browser::start().await else { return };
    let book = Served::start();
    browser.show_on(&SCREENS[0]).await;
    browser.client.goto(&format!("{}{}", book.url, book.chapters[1])).await.unwrap();

    press(&browser, Key::Right.into()).await;
    browser.wait(&format!("return location.pathname === '/{}'", book.chapters[2])).await;
    press(&browser, Key::Left.into()).await;
    browser.wait(&format!("return location.pathname === '/{}'", book.chapters[1])).await;

    browser.wait("return document.readyState === 'complete'").await;
    press(&browser, 's').await;
    browser.wait("return document.activeElement.id === 'mdbook-searchbar'").await;
    let field = browser.client.active_element().await.unwrap();
    field.send_keys("poll").await.unwrap();
    let results =
        "return document.querySelectorAll('#mdbook-searchresults li a').length > 0";
    browser.wait(results).await;
    let first = "return document.querySelector('#mdbook-searchresults').textContent";
    let found = browser.value(first).await.to_string();
    assert!(found.contains("poll"), "{found}");
    field.send_keys(&String::from(char::from(Key::Escape))).await.unwrap();
    browser.wait("return document.activeElement.id !== 'mdbook-searchbar'").await;
    assert_eq!(browser.console().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn a_listing_gives_the_code_of_its_step_to_the_clipboard() {
    let Some(browser) = Browser::start().await else { return };
    let book = Served::start();
    browser.show_on(&SCREENS[0]).await;
    browser.client.goto(&format!("{}06-pipelining.html", book.url)).await.unwrap();
    browser.wait("return document.querySelector('.listing .copy') !== null").await;

    let send = "[...document.querySelectorAll('.listing')].find((listing) =>
        listing.querySelector('[data-path=\"keep_alive\"]') !== null)";
    let copied = browser
        .value(&format!(
            "navigator.clipboard.writeText = (text) => {{ window.copied = text; }};
             {send}.querySelector('.copy').click();
             return window.copied;"
        ))
        .await;
    let source = include_str!("../../steps/06-pipelining/src/http/request.rs");
    let copied = copied.as_str().unwrap();
    assert!(copied.contains("keep_alive |= word"), "{copied}");
    assert!(source.contains(copied), "{copied}");

    let selected = browser
        .value(&format!(
            "getSelection().selectAllChildren({send}.querySelector('.code'));
             return getSelection().toString();"
        ))
        .await;
    let selected = selected.as_str().unwrap();
    assert!(selected.contains("keep_alive |= word"), "{selected}");
    for words in ["gone:", "new:", "self.output.send(&self.socket)?;\n        if"] {
        assert!(!selected.contains(words), "{words}: {selected}");
    }
    browser.close().await;
}

async fn press(browser: &Browser, key: char) {
    let keys = KeyActions::new("keyboard".into());
    let keys =
        keys.then(KeyAction::Down { value: key }).then(KeyAction::Up { value: key });
    browser.client.perform_actions(keys).await.unwrap();
}
