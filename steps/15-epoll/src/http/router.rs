use std::time::Duration;

use crate::budget::Budget;

use super::application::{Application, Want};
use super::buffered::Buffered;
use super::conditions::Conditions;
use super::method::{Method, Methods};
use super::request::Request;
use super::response::Response;
use super::status::Status;
use super::target::Target;

pub type Handler<S> = fn(&mut S, &Call) -> Response;
pub type Taker<S> = fn(&mut S, &Call, Buffered) -> Response;
pub type Admission<S> = fn(&S, &Call) -> Result<(), Response>;

pub struct Route<S> {
    method: Method,
    path: &'static str,
    action: Action<S>,
    no_store: bool,
}

enum Action<S> {
    Answer(Handler<S>),
    Take { limit: u64, admit: Admission<S>, handler: Taker<S> },
}

pub struct Call<'a> {
    pub path: &'a [u8],
    pub query: &'a str,
    pub conditions: &'a Conditions<'a>,
    pub parameter: &'a str,
}

pub trait Tidy {
    fn shed(&mut self) -> bool {
        false
    }

    fn tidy(&mut self) -> Option<Duration> {
        None
    }
}

pub struct Router<S: 'static> {
    site: S,
    routes: &'static [Route<S>],
    budget: Budget,
}

impl<S> Router<S> {
    pub fn new(site: S, routes: &'static [Route<S>], budget: Budget) -> Router<S> {
        Router { site, routes, budget }
    }

    fn look_up<'a>(
        &self,
        request: &'a Request,
        target: &'a Target,
    ) -> Result<(&'static Route<S>, Call<'a>), Response> {
        for route in self.routes.iter().filter(|route| route.serves(request.method)) {
            if let Some(parameter) = target.fits(route.path) {
                let Target { path, query, .. } = target;
                let conditions = &request.conditions;
                let parameter = str::from_utf8(parameter).unwrap_or_default();
                return Ok((route, Call { path, query, conditions, parameter }));
            }
        }
        let fit = self.routes.iter().filter(|route| target.fits(route.path).is_some());
        let methods = fit.fold(Methods::default(), |all, route| all.and(route.method));
        Err(no_route(request.method, methods))
    }

    fn wanted(&self, request: &Request) -> Option<Want<Buffered>> {
        let target = Target::parse(request).ok()?;
        let (route, call) = self.look_up(request, &target).ok()?;
        let Action::Take { limit, admit, .. } = route.action else {
            return None;
        };
        admit(&self.site, &call).ok()?;
        let body = Buffered::new(request.framing.least().min(limit), &self.budget)?;
        Some(Want::Body { limit, body })
    }

    fn admitted(
        &self,
        request: &Request,
        call: &Call,
        admit: Admission<S>,
        body: Option<Buffered>,
    ) -> Result<Buffered, Response> {
        admit(&self.site, call)?;
        let body = match body {
            None if request.framing.is_done() => Buffered::new(0, &self.budget),
            body => body,
        };
        body.ok_or_else(|| Response::of(Status::InsufficientStorage))
    }
}

impl<S> Route<S> {
    pub const fn get(path: &'static str, handler: Handler<S>) -> Route<S> {
        Route {
            method: Method::Get,
            path,
            action: Action::Answer(handler),
            no_store: false,
        }
    }

    pub const fn post(
        path: &'static str,
        limit: u64,
        admit: Admission<S>,
        handler: Taker<S>,
    ) -> Route<S> {
        Route {
            method: Method::Post,
            path,
            action: Action::Take { limit, admit, handler },
            no_store: true,
        }
    }

    pub const fn delete(path: &'static str, handler: Handler<S>) -> Route<S> {
        Route {
            method: Method::Delete,
            path,
            action: Action::Answer(handler),
            no_store: true,
        }
    }

    pub const fn no_store(mut self) -> Route<S> {
        self.no_store = true;
        self
    }

    fn serves(&self, method: Method) -> bool {
        method == self.method || method == Method::Head && self.method == Method::Get
    }
}

fn no_route(method: Method, mut methods: Methods) -> Response {
    if methods == Methods::default() {
        return Response::of(Status::NotFound).no_store();
    }
    if methods.has(Method::Get) {
        methods = methods.and(Method::Head);
    }
    let status = match method {
        Method::Options => Status::NoContent,
        _ => Status::MethodNotAllowed,
    };
    Response::of(status).with("Allow", methods.and(Method::Options)).no_store()
}

impl<S: Tidy> Application for Router<S> {
    type Body = Buffered;

    fn want(&mut self, request: &Request) -> Want<Buffered> {
        self.wanted(request).unwrap_or(Want::Nothing)
    }

    fn piece(&mut self, body: &mut Buffered, piece: &[u8]) -> Result<(), Status> {
        body.append(piece)
    }

    fn respond(&mut self, request: &Request, body: Option<Buffered>) -> Response {
        let target = match Target::parse(request) {
            Ok(target) => target,
            Err(status) => return Response::of(status).no_store(),
        };
        if let Some(location) = target.moved {
            let response = Response::of(Status::MovedPermanently);
            return response.with("Location", location).no_store();
        }
        let (route, call) = match self.look_up(request, &target) {
            Ok(found) => found,
            Err(response) => return response,
        };
        let mut response = match route.action {
            Action::Answer(handler) => handler(&mut self.site, &call),
            Action::Take { admit, handler, .. } => {
                match self.admitted(request, &call, admit, body) {
                    Ok(body) => handler(&mut self.site, &call, body),
                    Err(response) => response,
                }
            }
        };
        if route.no_store {
            response = response.no_store();
        }
        response
    }

    fn shed(&mut self) -> bool {
        self.site.shed()
    }

    fn tidy(&mut self) -> Option<Duration> {
        self.site.tidy()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::tests::conversation;

    impl Tidy for () {}

    const ROUTES: &[Route<()>] = &[
        Route::get("/", known),
        Route::post("/things", 10, |_, _| Ok(()), |site, call, _| known(site, call)),
        Route::get("/things/*", known),
        Route::delete("/things/*", known),
    ];

    fn known(_: &mut (), call: &Call) -> Response {
        match call.parameter {
            "" | "a b" => Response::of(Status::Ok),
            _ => Response::of(Status::NotImplemented),
        }
    }

    fn head_of(method: &str, target: &str) -> String {
        let request = format!("{method} {target} HTTP/1.1\r\nHost: a\r\n\r\n");
        conversation(Router::new((), ROUTES, Budget::new(100)), &[request.as_bytes()])
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
            ("DELETE", "/things/%61", "404"),
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
            ("GET", "/things/ä", "301"),
            ("HEAD", "/?ä", "301"),
            ("DELETE", "/things/ä", "400"),
            ("GET", "ä", "400"),
            ("GET", "http://ä/", "400"),
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
    fn each_target_has_a_spelling_in_ascii() {
        for (target, location) in [
            ("/ä", "./%C3%A4"),
            ("/a/ä?ö", "./%C3%A4?%C3%B6"),
            ("/a/b?c/ö", "./b?c/%C3%B6"),
            ("/ä/b/?c", "../../%C3%A4/b/?c"),
            ("/%41/€", "./%E2%82%AC"),
            ("http://a?ö", "./?%C3%B6"),
        ] {
            let head = head_of("GET", target);
            let expected = format!("\r\nLocation: {location}\r\n");
            assert!(head.contains(&expected), "{target}: {head}");
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
            assert!(head.contains("\r\nCache-Control: no-store\r\n"), "{head}");
        }
    }
}
