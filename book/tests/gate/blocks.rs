//! What a chapter's page shows: nothing raw, nothing empty, no picture without words.

use scraper::ElementRef;

use super::site::{Page, Site, selector};

const BLOCKS: &str = "p, h1, h2, h3, h4, li, blockquote, figure, figcaption, table, tr, \
                      details, summary, pre > code, .part:not([data-role=head][data-path='']), dt, dd";

pub fn faults(site: &Site) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, page) in &site.pages {
        if page.text.contains("{{") {
            let line =
                page.text.lines().find(|line| line.contains("{{")).unwrap_or_default();
            faults.push(format!("{name}: a raw directive: {}", line.trim()));
        }
        for main in page.select("main") {
            if main.text().all(|text| text.trim().is_empty()) {
                faults.push(format!("{name}: the page is empty"));
            }
            for block in main.select(&selector(BLOCKS)) {
                if is_empty(block) {
                    faults.push(format!("{name}: an empty <{}>", block.value().name()));
                }
            }
        }
        faults.extend(pictures(name, page));
    }
    faults
}

fn is_empty(block: ElementRef) -> bool {
    let has_picture = block.select(&selector("img, svg, button, input")).next().is_some();
    !has_picture && block.text().all(|text| text.trim().is_empty())
}

fn pictures(name: &str, page: &Page) -> Vec<String> {
    let mut faults = Vec::new();
    for image in page.select("main img") {
        if image.attr("alt").is_none_or(|alt| alt.trim().is_empty()) {
            let source = image.attr("src").unwrap_or_default();
            faults.push(format!("{name}: the picture {source} has no text alternative"));
        }
    }
    for drawing in page.select("main svg") {
        let has_words =
            drawing.attr("aria-label").is_some_and(|label| !label.trim().is_empty())
                || drawing.attr("aria-hidden") == Some("true")
                || drawing.select(&selector("title")).any(|title| !is_empty(title));
        if !has_words {
            faults.push(format!("{name}: a drawing has no text alternative"));
        }
    }
    faults
}
