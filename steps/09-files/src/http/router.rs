use super::{
    Application, Conditions, Method, Methods, Request, Response, Status, Target,
};

pub type Handler<S> = fn(&mut S, Call) -> Response<'_>;

pub struct Route<S> {
    method: Method,
    path: &'static str,
    limit: Option<u64>,
    handler: Handler<S>,
}

pub struct Call {
    pub path: Vec<u8>,
    pub parameter: String,
    pub query: String,
    pub conditions: Conditions,
    pub body: Vec<u8>,
}

pub struct Router<S: 'static> {
    site: S,
    routes: &'static [Route<S>],
}

pub enum Answer<S> {
    Handler(Handler<S>, Call),
    Allow(Status, Methods),
    Status(Status),
}

impl<S> Router<S> {
    pub fn new(site: S, routes: &'static [Route<S>]) -> Router<S> {
        Router { site, routes }
    }

    fn find(&self, request: &Request) -> Result<(Answer<S>, Option<u64>), Status> {
        let target = Target::parse(request)?;
        let mut methods = Methods::default();
        for route in self.routes {
            if route.path == Target::ANY && methods != Methods::default() {
                break;
            }
            let Some(parameter) = target.fits(route.path) else {
                continue;
            };
            if route.serves(request.method) {
                let call = Call {
                    parameter: String::from_utf8_lossy(parameter).into(),
                    path: target.path,
                    query: target.query.into(),
                    conditions: Conditions::of(request),
                    body: Vec::new(),
                };
                return Ok((Answer::Handler(route.handler, call), route.limit));
            }
            methods = methods.with(route.method);
        }
        Ok((allow(request.method, methods)?, None))
    }
}

impl<S> Route<S> {
    pub const fn get(path: &'static str, handler: Handler<S>) -> Route<S> {
        Route { method: Method::Get, path, limit: None, handler }
    }

    pub const fn post(path: &'static str, limit: u64, handler: Handler<S>) -> Route<S> {
        Route { method: Method::Post, path, limit: Some(limit), handler }
    }

    pub const fn delete(path: &'static str, handler: Handler<S>) -> Route<S> {
        Route { method: Method::Delete, path, limit: None, handler }
    }

    fn serves(&self, method: Method) -> bool {
        method == self.method || method == Method::Head && self.method == Method::Get
    }
}

fn allow<S>(method: Method, mut methods: Methods) -> Result<Answer<S>, Status> {
    if methods == Methods::default() {
        return Err(Status::NotFound);
    }
    if methods.has(Method::Get) {
        methods = methods.with(Method::Head);
    }
    let status = match method {
        Method::Options => Status::NoContent,
        _ => Status::MethodNotAllowed,
    };
    Ok(Answer::Allow(status, methods.with(Method::Options)))
}

impl<S> Application for Router<S> {
    type Context = Answer<S>;

    fn open(&mut self, request: &Request) -> (Answer<S>, Option<u64>) {
        self.find(request).unwrap_or_else(|status| (Answer::Status(status), None))
    }

    fn data(&mut self, answer: &mut Answer<S>, piece: &[u8]) {
        if let Answer::Handler(_, call) = answer {
            call.body.extend_from_slice(piece);
        }
    }

    fn respond(&mut self, answer: Answer<S>) -> Response<'_> {
        match answer {
            Answer::Handler(handler, call) => handler(&mut self.site, call),
            Answer::Allow(status, methods) => {
                Response { allow: Some(methods), ..Response::of(status) }
            }
            Answer::Status(status) => Response::of(status),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buffers::Output;
    use crate::http::Http;
    use crate::protocol::Protocol;

    const ROUTES: &[Route<()>] = &[
        Route::get("/", |(), call| answer(call)),
        Route::post("/things", 10, |(), call| answer(call)),
        Route::get("/things/*", |(), call| answer(call)),
        Route::delete("/things/*", |(), call| answer(call)),
    ];

    fn answer(call: Call) -> Response<'static> {
        match &*call.parameter {
            "" | "a b" => Response::of(Status::Ok),
            _ => Response::of(Status::Conflict),
        }
    }

    fn head_of(method: &str, target: &str) -> String {
        let mut http = Http::new(Router::new((), ROUTES));
        let (mut context, mut output) = (http.open(), Output::default());
        let request = format!("{method} {target} HTTP/1.1\r\nHost: a\r\n\r\n");
        http.data(&mut context, request.as_bytes(), &mut output);
        String::from_utf8_lossy(output.unsent()).into()
    }

    #[test]
    fn each_target_leads_to_its_route() {
        for (method, target, status) in [
            ("GET", "/", "200"),
            ("HEAD", "/?x", "200"),
            ("GET", "http://a", "200"),
            ("POST", "/things", "200"),
            ("GET", "/things/a%20b", "200"),
            ("DELETE", "/./x/..//things/%61%20b", "200"),
            ("GET", "/things/a%2520b", "409"),
            ("GET", "/things/", "404"),
            ("GET", "/things/a/b", "404"),
            ("GET", "/things%2fa", "404"),
            ("GET", "/..", "404"),
            ("DELETE", "/", "405"),
            ("PUT", "/things/x", "405"),
            ("OPTIONS", "/nothing", "404"),
            ("GET", "*", "400"),
            ("GET", "things", "400"),
            ("GET", "/%", "400"),
            ("GET", "/%00", "400"),
            ("GET", "/x#/../things/a", "400"),
            ("GET", "http://", "400"),
            ("GET", "ftp://a/", "400"),
        ] {
            let head = head_of(method, target);
            let expected = format!("HTTP/1.1 {status} ");
            assert!(head.starts_with(&expected), "{method} {target}: {head}");
        }
    }

    #[test]
    fn what_is_allowed_is_said() {
        for (method, target, allow) in [
            ("POST", "/", "GET, HEAD, OPTIONS"),
            ("OPTIONS", "/things/x", "GET, HEAD, DELETE, OPTIONS"),
            ("OPTIONS", "*", "GET, HEAD, POST, DELETE, OPTIONS"),
        ] {
            let head = head_of(method, target);
            assert!(head.contains(&format!("\r\nAllow: {allow}\r\n")), "{head}");
        }
    }
}
