use std::borrow::Cow;

use super::keys::{is_key, random_key};
use super::store::Store;
use crate::budget::Reservation;
use crate::http::{Call, Response, Status};

pub struct Kept<T> {
    place: &'static str,
    store: Store<T>,
}

impl<T> Kept<T> {
    pub fn at(place: &'static str) -> Kept<T> {
        Kept { place, store: Store::new() }
    }

    pub fn admit(&self, call: &Call) -> Result<(), Response> {
        let Some(key) = call.query.strip_prefix("key=") else {
            return match call.query {
                "" => Ok(()),
                _ => Err(unprocessable("The query is key=KEY, or there is none.")),
            };
        };
        if !is_key(key) {
            return Err(unprocessable("A key is 1 to 64 letters, digits, - and _."));
        }
        match self.is_free(key) {
            true => Ok(()),
            false => Err(Response::of(Status::Conflict)),
        }
    }

    fn is_free(&self, key: &str) -> bool {
        self.store.get(key).is_none()
    }

    pub fn add(&mut self, call: &Call, content: T, room: Reservation) -> Response {
        let key = match call.query.strip_prefix("key=") {
            Some(key) => Ok(Cow::from(key)),
            None => random_key(|key| self.is_free(key)).map(Cow::from),
        };
        let Ok(key) = key else {
            return Response::of(Status::InternalServerError);
        };
        if !self.store.add(&key, content, room) {
            return Response::of(Status::InsufficientStorage);
        }
        let location = format!("{}/{key}", self.place);
        Response::text(Status::Created, format!("/{location}\n"))
            .with("Location", location)
    }

    pub fn get(&self, call: &Call) -> Option<&T> {
        self.store.get(call.parameter)
    }

    pub fn delete(&mut self, call: &Call) -> Response {
        Response::of(match self.store.delete(call.parameter) {
            true => Status::NoContent,
            false => Status::NotFound,
        })
    }
}

pub fn unprocessable(reason: &str) -> Response {
    Response::text(Status::UnprocessableContent, format!("{reason}\n"))
}
