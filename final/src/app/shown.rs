//! What visitors see of a folder.

use memchr::memmem;

/// What visitors see of a folder beside its pages and files. By default they see none of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shown {
    /// Whether a folder without an index page is listed.
    pub listings: bool,
    /// Whether files and folders are served and listed whose names begin with a dot.
    pub dotfiles: bool,
}

impl Shown {
    /// Whether this path, decoded and resolved, is treated as if nothing were there: a name in it
    /// begins with a dot. The folder `/.well-known` is for visitors (RFC 8615, section 3).
    pub fn hides(self, path: &[u8]) -> bool {
        let below = path.strip_prefix(b"/.well-known");
        let below = below.filter(|rest| matches!(rest, [] | [b'/', ..]));
        let path = below.unwrap_or(path);
        !self.dotfiles && memmem::find(path, b"/.").is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_in_front_hides() {
        for (path, is_hidden) in [
            ("/", false),
            ("/a.b", false),
            ("/a./b", false),
            ("/.a", true),
            ("/.a/", true),
            ("/.a/b", true),
            ("/a/.b", true),
            ("/a/.b/c", true),
            ("/...", true),
            ("/.well-known", false),
            ("/.well-known/", false),
            ("/.well-known/security.txt", false),
            ("/.well-known/.a", true),
            ("/.well-known.a", true),
            ("/.Well-Known/a", true),
            ("/a/.well-known/b", true),
        ] {
            let hides =
                |dotfiles| Shown { dotfiles, ..Shown::default() }.hides(path.as_bytes());
            assert_eq!((hides(false), hides(true)), (is_hidden, false), "{path}");
        }
    }
}
