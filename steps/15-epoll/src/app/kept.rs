use std::borrow::Cow;

use super::files::Files;
use super::keys::{is_key, random_key};
use super::store::Store;
use crate::budget::Reservation;
use crate::http::{Call, Response, Status, Validators};

pub struct Kept<T> {
    place: &'static str,
    store: Store<T>,
}

impl<T> Kept<T> {
    pub fn at(place: &'static str) -> Kept<T> {
        Kept { place, store: Store::new() }
    }

    pub fn admit(&self, call: &Call, files: &Files) -> Result<(), Response> {
        let Some(key) = call.query.strip_prefix("key=") else {
            return match call.query {
                "" => Ok(()),
                _ => Err(unprocessable("The query is key=KEY, or there is none.")),
            };
        };
        if !is_key(key) {
            return Err(unprocessable("A key is 1 to 64 letters, digits, - and _."));
        }
        match self.is_free(key, files) {
            true => Ok(()),
            false => Err(Response::of(Status::Conflict)),
        }
    }

    fn is_free(&self, key: &str, files: &Files) -> bool {
        let place = format!("/{}/{key}", self.place);
        self.store.get(key).is_none() && !files.has(place.as_bytes())
    }

    pub fn add(
        &mut self,
        call: &Call,
        content: T,
        room: Reservation,
        files: &Files,
    ) -> Response {
        let key = match call.query.strip_prefix("key=") {
            Some(key) => Ok(Cow::from(key)),
            None => random_key(|key| self.is_free(key, files)).map(Cow::from),
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

    pub fn delete(&mut self, call: &Call, version: fn(&T) -> &Validators) -> Response {
        let Some(entry) = self.get(call) else {
            return Response::of(Status::NotFound);
        };
        if let Err(status) = call.conditions.check(version(entry)) {
            return Response::of(status);
        }
        self.store.delete(call.parameter);
        Response::of(Status::NoContent)
    }
}

pub fn unprocessable(reason: &str) -> Response {
    Response::text(Status::UnprocessableContent, format!("{reason}\n"))
}
