use super::application::{Application, Want};
use super::method::{Method, Methods};
use super::request::Request;
use super::response::Response;
use super::status::Status;
use super::target::Target;

pub type Handler<S> = fn(&mut S, &Call) -> Response;
pub type Taker<S> = fn(&mut S, &Call, Vec<u8>) -> Response;

pub struct Route<S> {
    method: Method,
    path: &'static str,
    action: Action<S>,
}

enum Action<S> {
    Answer(Handler<S>),
    Take { limit: u64, handler: Taker<S> },
}

pub struct Call<'a> {
    pub request: &'a Request<'a>,
    pub parameter: &'a str,
}

pub struct Router<S: 'static> {
    site: S,
    routes: &'static [Route<S>],
}

impl<S> Router<S> {
    pub fn new(site: S, routes: &'static [Route<S>]) -> Router<S> {
        Router { site, routes }
    }

    fn look_up<'a>(
        &self,
        request: &'a Request<'a>,
        target: &'a Target,
    ) -> Result<(&'static Route<S>, Call<'a>), Response> {
        for route in self.routes.iter().filter(|route| route.serves(request.method)) {
            if let Some(parameter) = target.fits(route.path) {
                let parameter = str::from_utf8(parameter).unwrap_or_default();
                return Ok((route, Call { request, parameter }));
            }
        }
        let fit = self.routes.iter().filter(|route| target.fits(route.path).is_some());
        let methods = fit.fold(Methods::default(), |all, route| all.and(route.method));
        Err(no_route(request.method, methods))
    }

    fn limit(&self, request: &Request) -> Option<u64> {
        let target = Target::parse(request).ok()?;
        match self.look_up(request, &target).ok()?.0.action {
            Action::Answer(_) => None,
            Action::Take { limit, .. } => Some(limit),
        }
    }
}

impl<S> Route<S> {
    pub const fn get(path: &'static str, handler: Handler<S>) -> Route<S> {
        Route { method: Method::Get, path, action: Action::Answer(handler) }
    }

    pub const fn post(path: &'static str, limit: u64, handler: Taker<S>) -> Route<S> {
        Route { method: Method::Post, path, action: Action::Take { limit, handler } }
    }

    fn serves(&self, method: Method) -> bool {
        method == self.method || method == Method::Head && self.method == Method::Get
    }
}

fn no_route(method: Method, mut methods: Methods) -> Response {
    if methods == Methods::default() {
        return Response::of(Status::NotFound);
    }
    if methods.has(Method::Get) {
        methods = methods.and(Method::Head);
    }
    let status = match method {
        Method::Options => Status::NoContent,
        _ => Status::MethodNotAllowed,
    };
    Response::of(status).with("Allow", methods.and(Method::Options))
}

impl<S> Application for Router<S> {
    type Body = Vec<u8>;

    fn want(&mut self, request: &Request) -> Want<Vec<u8>> {
        match self.limit(request) {
            Some(limit) => Want::Body { limit, body: Vec::new() },
            None => Want::Nothing,
        }
    }

    fn piece(&mut self, body: &mut Vec<u8>, piece: &[u8]) -> Result<(), Status> {
        body.extend_from_slice(piece);
        Ok(())
    }

    fn respond(&mut self, request: &Request, body: Option<Vec<u8>>) -> Response {
        let target = match Target::parse(request) {
            Ok(target) => target,
            Err(status) => return Response::of(status),
        };
        match self.look_up(request, &target) {
            Err(response) => response,
            Ok((route, call)) => match route.action {
                Action::Answer(handler) => handler(&mut self.site, &call),
                Action::Take { handler, .. } => {
                    handler(&mut self.site, &call, body.unwrap_or_default())
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::tests::conversation;

    const ROUTES: &[Route<()>] = &[
        Route::get("/", known),
        Route::post("/things", 10, |site, call, _| known(site, call)),
        Route::get("/things/*", known),
    ];

    fn known(_: &mut (), call: &Call) -> Response {
        match call.parameter {
            "" | "a b" => Response::of(Status::Ok),
            _ => Response::of(Status::NotImplemented),
        }
    }

    fn head_of(method: &str, target: &str) -> String {
        let request = format!("{method} {target} HTTP/1.1\r\nHost: a\r\n\r\n");
        conversation(Router::new((), ROUTES), &[request.as_bytes()])
    }

    #[test]
    fn each_target_leads_to_its_route() {
        for (method, target, status) in [
            ("GET", "/", "200"),
            ("HEAD", "/?x", "200"),
            ("GET", "http://a", "200"),
            ("POST", "/things", "200"),
            ("GET", "/things/a%20b", "200"),
            ("GET", "/./x/..//things/%61%20b", "200"),
            ("POST", "//things", "404"),
            ("POST", "/thing%73", "404"),
            ("GET", "/things/a%2520b", "501"),
            ("GET", "/things/", "404"),
            ("GET", "/things/a/b", "404"),
            ("GET", "/things%2fa", "404"),
            ("GET", "/..", "404"),
            ("DELETE", "/", "405"),
            ("OPTIONS", "/nothing", "404"),
            ("GET", "*", "400"),
            ("GET", "things", "400"),
            ("GET", "/%", "400"),
            ("GET", "/%00", "400"),
            ("GET", "/x#/../things/a", "400"),
            ("GET", "/x#/../../..", "400"),
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
            ("OPTIONS", "/things/x", "GET, HEAD, OPTIONS"),
            ("OPTIONS", "*", "GET, HEAD, POST, OPTIONS"),
        ] {
            let head = head_of(method, target);
            assert!(head.contains(&format!("\r\nAllow: {allow}\r\n")), "{head}");
        }
    }
}
