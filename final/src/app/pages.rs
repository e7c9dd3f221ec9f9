//! Long pages that are made for one response and shared by others.

use std::io;
use std::sync::{Arc, Weak};

/// How many bytes all long pages may take that somebody still reads.
const ROOM: usize = 16 * 1024 * 1024;
/// A shorter page is copied into each response, and not counted here.
const LONG_PAGE: usize = 16 * 1024;

/// The long pages that are kept or being sent.
///
/// A page is made anew after a while, and a slow reader still has the one before. If the two are the
/// same, they share their memory.
pub struct Pages {
    pages: Vec<Weak<[u8]>>,
    /// How many bytes they may take.
    room: usize,
}

impl Pages {
    /// None yet, for one of so many workers.
    pub fn part_of(workers: usize) -> Pages {
        Pages { pages: Vec::new(), room: ROOM / workers }
    }

    /// The page to send. `ENOMEM` if there is no room for it beside those that others are reading; a
    /// page alone has room in any case.
    pub fn share(&mut self, page: Vec<u8>) -> io::Result<Arc<[u8]>> {
        if page.len() <= LONG_PAGE {
            return Ok(page.into());
        }
        self.pages.retain(|page| page.strong_count() > 0);
        let known: Vec<_> = self.pages.iter().filter_map(Weak::upgrade).collect();
        if let Some(same) = known.iter().find(|known| ***known == *page) {
            return Ok(Arc::clone(same));
        }
        let taken: usize = known.iter().map(|known| known.len()).sum();
        if taken > 0 && taken + page.len() > self.room {
            return Err(io::Error::from_raw_os_error(libc::ENOMEM));
        }
        let page = page.into();
        self.pages.push(Arc::downgrade(&page));
        Ok(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_page_is_shared() {
        let mut pages = Pages::part_of(1);
        let mut page = |length| pages.share(vec![b'x'; length]).unwrap();
        let (long, same) = (page(LONG_PAGE + 1), page(LONG_PAGE + 1));
        assert!(Arc::ptr_eq(&long, &same) && !Arc::ptr_eq(&long, &page(LONG_PAGE + 2)));
        assert!(!Arc::ptr_eq(&page(LONG_PAGE), &page(LONG_PAGE)));
    }

    #[test]
    fn all_pages_have_their_room() {
        let mut pages = Pages::part_of(1);
        let mut page = |byte| pages.share(vec![byte; ROOM / 2]);
        let (one, two) = (page(b'1').unwrap(), page(b'2').unwrap());
        assert_eq!(page(b'3').unwrap_err().raw_os_error(), Some(libc::ENOMEM));
        assert!(Arc::ptr_eq(&page(b'2').unwrap(), &two));
        drop(one);
        page(b'3').unwrap();
        drop(two);
        assert_eq!(pages.share(vec![0; ROOM + 1]).unwrap().len(), ROOM + 1);
    }
}
