//! Requests, as they are sent.

/// A request that leaves the connection as it is by default.
pub fn request(method: &str, target: &str) -> String {
    format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n\r\n")
}

/// A request after which the connection ends, so that what follows the response is known.
pub fn last_request(method: &str, target: &str) -> String {
    let head = format!("{method} {target} HTTP/1.1\r\nHost: localhost");
    format!("{head}\r\nConnection: close\r\n\r\n")
}

/// GET of the page in this version of HTTP, with these fields.
pub fn with_fields(version: &str, fields: &str) -> String {
    format!("GET / {version}\r\nHost: localhost\r\n{fields}\r\n\r\n")
}

/// The head of an upload.
pub fn upload(target: &str, fields: &str) -> String {
    format!("POST {target} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n\r\n")
}

pub fn post(target: &str, body: &[u8]) -> Vec<u8> {
    let head = upload(target, &format!("Content-Length: {}", body.len()));
    [head.as_bytes(), body].concat()
}

pub fn post_in_chunks(target: &str, body: &[u8], size: usize) -> Vec<u8> {
    let mut request = upload(target, "Transfer-Encoding: chunked").into_bytes();
    for chunk in body.chunks(size) {
        request.extend(format!("{:x}\r\n", chunk.len()).as_bytes());
        request.extend(chunk);
        request.extend(b"\r\n");
    }
    request.extend(b"0\r\n\r\n");
    request
}
