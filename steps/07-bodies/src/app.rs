use crc32fast::Hasher;

use crate::http::{Application, Method, Request, Response, Status};

const UPLOAD_LIMIT: u64 = 1024 * 1024 * 1024;

#[derive(Default)]
pub struct Page {
    visitors: u64,
    text: String,
}

pub enum Answer {
    Page { request: u64 },
    Checksum { length: u64, hasher: Hasher },
    NotFound,
}

impl Application for Page {
    type Context = Answer;

    fn open(&mut self, request: &Request) -> (Answer, Option<u64>) {
        match (request.method, request.target) {
            (Method::Post, "/") => {
                let answer = Answer::Checksum { length: 0, hasher: Hasher::new() };
                (answer, Some(UPLOAD_LIMIT))
            }
            (_, "/") => (Answer::Page { request: request.number }, None),
            _ => (Answer::NotFound, None),
        }
    }

    fn data(&mut self, answer: &mut Answer, piece: &[u8]) {
        if let Answer::Checksum { length, hasher } = answer {
            *length += piece.len() as u64;
            hasher.update(piece);
        }
    }

    fn respond(&mut self, answer: Answer) -> Response<'_> {
        let content_type = match answer {
            Answer::NotFound => return Response::of(Status::NotFound),
            Answer::Checksum { length, hasher } => {
                self.text = format!("{length} bytes, CRC-32 {:08x}\n", hasher.finalize());
                "text/plain; charset=utf-8"
            }
            Answer::Page { request } => {
                self.visitors += 1;
                self.text = format!(
                    "<!doctype html>\n\
                     <html lang=\"en\">\n\
                     <meta charset=\"utf-8\">\n\
                     <meta name=\"viewport\" content=\"width=device-width\">\n\
                     <title>Lander</title>\n\
                     <h1>Hello</h1>\n\
                     <p>You are visitor {}.</p>\n\
                     <p>This is request {request} of your connection.</p>\n",
                    self.visitors
                );
                "text/html; charset=utf-8"
            }
        };
        Response { status: Status::Ok, content_type, body: self.text.as_bytes() }
    }
}
