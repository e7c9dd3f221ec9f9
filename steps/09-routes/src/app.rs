use crate::http::{Call, HTML, Response, Route, Status};

const SUM_LIMIT: u64 = 1024 * 1024;

#[derive(Default)]
pub struct Site {
    visitors: u64,
}

impl Site {
    pub const ROUTES: &[Route<Site>] = &[
        Route::get("/", Site::welcome),
        Route::post("/", SUM_LIMIT, Site::sum),
        Route::get("/hello/*", Site::greet),
    ];

    fn welcome(&mut self, call: Call) -> Response<'_> {
        self.visitors += 1;
        let html = format!(
            "<!doctype html>\n\
             <html lang=\"en\">\n\
             <meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n\
             <title>Lander</title>\n\
             <h1>Hello</h1>\n\
             <p>You are visitor {}.</p>\n\
             <p>This is request {} of your connection.</p>\n",
            self.visitors, call.request.number
        );
        Response {
            status: Status::Ok,
            fields: HTML.into(),
            body: html.into_bytes().into(),
        }
    }

    fn sum(&mut self, call: Call) -> Response<'_> {
        let (length, sum) = (call.body.len(), crc32fast::hash(&call.body));
        let text = format!("{length} bytes, CRC-32 {sum:08x}\n").into_bytes();
        Response { body: text.into(), ..Response::of(Status::Ok) }
    }

    fn greet(&mut self, call: Call) -> Response<'_> {
        let text = format!("Hello, {}!\n", call.parameter).into_bytes();
        Response { body: text.into(), ..Response::of(Status::Ok) }
    }
}
