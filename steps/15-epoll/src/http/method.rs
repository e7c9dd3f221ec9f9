use std::fmt;

#[derive(Clone, Copy, PartialEq)]
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
    pub fn named(name: &[u8]) -> Option<Method> {
        let found = NAMES.iter().find(|(_, own)| own.as_bytes() == name);
        found.map(|(method, _)| *method)
    }

    pub fn reads(self) -> bool {
        matches!(self, Method::Get | Method::Head)
    }
}

#[derive(Clone, Copy, Default, PartialEq)]
pub struct Methods(u8);

impl Methods {
    pub fn and(self, method: Method) -> Methods {
        Methods(self.0 | 1 << method as u8)
    }

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
