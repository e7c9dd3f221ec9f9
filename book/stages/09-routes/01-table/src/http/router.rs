use super::application::{Application, Want};
use super::request::{Method, Request};
use super::response::Response;
use super::status::Status;

pub type Handler<S> = fn(&mut S, &Request) -> Response;

pub struct Route<S> {
    method: Method,
    path: &'static str,
    handler: Handler<S>,
}

pub struct Router<S: 'static> {
    site: S,
    routes: &'static [Route<S>],
}

impl<S> Router<S> {
    pub fn new(site: S, routes: &'static [Route<S>]) -> Router<S> {
        Router { site, routes }
    }
}

impl<S> Route<S> {
    pub const fn get(path: &'static str, handler: Handler<S>) -> Route<S> {
        Route { method: Method::Get, path, handler }
    }

    fn serves(&self, method: Method) -> bool {
        method == self.method || method == Method::Head && self.method == Method::Get
    }
}

impl<S> Application for Router<S> {
    type Body = ();

    fn want(&mut self, _: &Request) -> Want<()> {
        Want::Nothing
    }

    fn piece(&mut self, _: &mut (), _: &[u8]) -> Result<(), Status> {
        Ok(())
    }

    fn respond(&mut self, request: &Request, _: Option<()>) -> Response {
        for route in self.routes.iter().filter(|route| route.serves(request.method)) {
            if route.path == request.target {
                return (route.handler)(&mut self.site, request);
            }
        }
        Response::of(Status::NotFound)
    }
}
