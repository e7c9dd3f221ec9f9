use crc32fast::Hasher;

use crate::http::{Application, Method, Request, Response, Status, Want};

const UPLOAD_LIMIT: u64 = 1024 * 1024 * 1024;

#[derive(Default)]
pub struct Page {
    visitors: u64,
}

#[derive(Default)]
pub struct Checksum {
    length: u64,
    hasher: Hasher,
}

impl Application for Page {
    type Body = Checksum;

    fn want(&mut self, request: &Request) -> Want<Checksum> {
        match (request.method, request.target) {
            (Method::Post, "/") => {
                Want::Body { limit: UPLOAD_LIMIT, body: Checksum::default() }
            }
            _ => Want::Nothing,
        }
    }

    fn piece(&mut self, body: &mut Checksum, piece: &[u8]) -> Result<(), Status> {
        body.length += piece.len() as u64;
        body.hasher.update(piece);
        Ok(())
    }

    fn respond(&mut self, request: &Request, body: Option<Checksum>) -> Response {
        match (request.method, request.target) {
            (Method::Post, "/") => {
                let Checksum { length, hasher } = body.unwrap_or_default();
                let sum = hasher.finalize();
                let text = format!("{length} bytes, CRC-32 {sum:08x}\n");
                Response::text(Status::Ok, text)
            }
            (_, "/") => self.page(request),
            _ => Response::of(Status::NotFound),
        }
    }
}

impl Page {
    fn page(&mut self, request: &Request) -> Response {
        self.visitors += 1;
        Response::html(format!(
            "<!doctype html>\n\
             <html lang=\"en\">\n\
             <meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n\
             <title>Lander</title>\n\
             <h1>Hello</h1>\n\
             <p>You are visitor {}.</p>\n\
             <p>This is request {} of your connection.</p>\n",
            self.visitors, request.number
        ))
    }
}
