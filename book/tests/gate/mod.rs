//! What must hold of the pages of a book. Each check names what doesn't, with its page.

mod blocks;
mod links;
mod made;
mod site;
mod weight;

pub use links::outside;
pub use made::unseen;
pub use site::Site;

/// All faults of the pages. `allowed` are the outside links they may have.
pub fn faults(site: &Site, allowed: &[String]) -> Vec<String> {
    let mut faults = blocks::faults(site);
    faults.extend(links::faults(site, allowed));
    faults.extend(weight::faults(site));
    faults
}
