//! Request methods (RFC 9110, section 9; PATCH is RFC 5789).

use std::fmt;

/// What a request wants done.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Options,
}

const NAMES: [(Method, &str); 7] = [
    (Method::Get, "GET"),
    (Method::Head, "HEAD"),
    (Method::Post, "POST"),
    (Method::Put, "PUT"),
    (Method::Patch, "PATCH"),
    (Method::Delete, "DELETE"),
    (Method::Options, "OPTIONS"),
];

impl Method {
    /// The method with this name; names are case-sensitive.
    pub fn named(name: &[u8]) -> Option<Method> {
        let found = NAMES.iter().find(|(_, own)| own.as_bytes() == name);
        found.map(|(method, _)| *method)
    }

    /// Whether it asks for a representation.
    pub fn reads(self) -> bool {
        matches!(self, Method::Get | Method::Head)
    }
}

/// A set of methods. As text it is what an Allow field holds.
#[derive(Clone, Copy, Default, PartialEq)]
pub struct Methods(u8);

impl Methods {
    /// The set with this method too.
    pub fn and(self, method: Method) -> Methods {
        Methods(self.0 | 1 << method as u8)
    }

    /// Whether the method is in the set.
    pub fn has(self, method: Method) -> bool {
        self == self.and(method)
    }
}

impl fmt::Display for Methods {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let mut separator = "";
        for (_, name) in NAMES.iter().filter(|(method, _)| self.has(*method)) {
            write!(out, "{separator}{name}")?;
            separator = ", ";
        }
        Ok(())
    }
}
