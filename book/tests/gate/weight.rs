//! How much a browser loads for a page.

use std::collections::BTreeSet;
use std::fs;

use super::links::urls;
use super::site::{Page, Site};

const LIMIT: u64 = 1_000_000;

pub fn faults(site: &Site) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, page) in &site.pages {
        let weight = weight(site, name, page);
        if weight >= LIMIT {
            faults.push(format!("{name}: the page weighs {weight} bytes"));
        }
    }
    faults
}

/// The bytes of the page and all it loads, without the search index.
pub fn weight(site: &Site, name: &str, page: &Page) -> u64 {
    let mut loaded = BTreeSet::from([name.to_owned()]);
    for (css, attribute) in [("link[href]", "href"), ("[src]", "src")] {
        for element in page.select(css) {
            let reference = element.attr(attribute).unwrap_or_default();
            loaded.extend(site.resolve(name, reference).map(|(file, _)| file));
        }
    }
    for sheet in loaded.clone().iter().filter(|file| file.ends_with(".css")) {
        let text = fs::read_to_string(site.folder.join(sheet)).unwrap_or_default();
        let files = urls(&text).filter_map(|reference| site.resolve(sheet, reference));
        loaded.extend(files.map(|(file, _)| file));
    }
    loaded.retain(|file| !file.starts_with("searchindex"));
    let sizes = loaded.iter().map(|file| fs::metadata(site.folder.join(file)));
    sizes.map(|found| found.map_or(0, |it| it.len())).sum()
}
