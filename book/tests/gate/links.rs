//! Where links lead.

use std::collections::BTreeSet;
use std::fs;

use super::site::{Page, Site};

/// The addresses in a links.toml.
pub fn outside(file: &std::path::Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    let table: toml::Table = text.parse().unwrap();
    table.keys().cloned().collect()
}

pub fn faults(site: &Site, allowed: &[String]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut used = BTreeSet::new();
    for (name, page) in &site.pages {
        let mut ids = BTreeSet::new();
        for id in &page.ids {
            if !ids.insert(id) {
                faults.push(format!("{name}: two elements have the id {id}"));
            }
        }
        for (css, attribute) in [("[href]", "href"), ("[src]", "src")] {
            for element in page.select(css) {
                let reference = element.attr(attribute).unwrap_or_default();
                match site.resolve(name, reference) {
                    None => {
                        used.insert(reference.to_owned());
                        if !allowed.iter().any(|url| url == reference) {
                            faults
                                .push(format!("{name}: {reference} isn't in links.toml"));
                        }
                    }
                    Some((file, fragment)) => {
                        faults.extend(missing(site, name, reference, &file, fragment));
                    }
                }
            }
        }
        faults.extend(within(name, page));
    }
    for url in allowed.iter().filter(|url| !used.contains(*url)) {
        faults.push(format!("links.toml: no page links to {url}"));
    }
    faults.extend(stylesheets(site));
    faults
}

/// What a page's elements refer to on it: their labels, and the tips of a drawing's arrows.
fn within(name: &str, page: &Page) -> Vec<String> {
    let mut faults = Vec::new();
    for element in page.select("main, main *") {
        for (attribute, value) in element.value().attrs() {
            let wanted: Vec<&str> = match attribute {
                "aria-labelledby" | "aria-describedby" | "aria-controls" | "for" => {
                    value.split_whitespace().collect()
                }
                _ => value
                    .split("url(#")
                    .skip(1)
                    .filter_map(|it| it.split(')').next())
                    .collect(),
            };
            for id in wanted.into_iter().filter(|id| page.ids.iter().all(|it| it != id)) {
                faults.push(format!(
                    "{name}: {attribute} refers to {id}, which isn't on the page"
                ));
            }
        }
    }
    faults
}

fn missing(
    site: &Site,
    name: &str,
    reference: &str,
    file: &str,
    fragment: Option<String>,
) -> Option<String> {
    if !site.files.contains(file) {
        return Some(format!("{name}: {reference} leads to no file"));
    }
    let fragment = fragment.filter(|it| !it.is_empty())?;
    let page = site.pages.get(file);
    let has_it = page.is_some_and(|page| page.ids.contains(&fragment));
    (!has_it).then(|| format!("{name}: {reference} leads to a page without that id"))
}

fn stylesheets(site: &Site) -> Vec<String> {
    let mut faults = Vec::new();
    for name in site.files.iter().filter(|name| name.ends_with(".css")) {
        let text = fs::read_to_string(site.folder.join(name)).unwrap();
        for reference in urls(&text) {
            if let Some((file, _)) = site.resolve(name, reference)
                && !site.files.contains(&file)
            {
                faults.push(format!("{name}: {reference} leads to no file"));
            }
        }
    }
    faults
}

/// What a stylesheet loads.
pub fn urls(css: &str) -> impl Iterator<Item = &str> {
    css.split("url(").skip(1).filter_map(|rest| {
        let inside = rest.split(')').next()?;
        Some(inside.trim_matches(['"', '\'', ' ']))
    })
}
