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
