use super::Site;
use crate::http::{Call, Response};

impl Site {
    pub fn welcome(&mut self, call: &Call) -> Response {
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
            self.visitors, call.request.number
        ))
    }
}
