//! What links and pastes have in common.

use std::borrow::Cow;

use super::files::Files;
use super::keys::{is_key, random_key};
use super::store::Store;
use crate::budget::Reservation;
use crate::http::{Call, Response, Status, Validators};

/// Entries of one kind, each at a path of its own below `place`.
pub struct Kept<T> {
    /// The path of the place where entries are made, without its slash.
    place: &'static str,
    store: Store<T>,
}

impl<T> Kept<T> {
    /// No entries yet; `is_shared` as for [`Store::new`].
    pub fn at(place: &'static str, is_shared: fn(&T) -> bool) -> Kept<T> {
        Kept { place, store: Store::new(is_shared) }
    }

    /// Whether an entry may be made under the key that the query gives, as in `key=rust`.
    ///
    /// 422 for what isn't a key, 409 for a key that is taken, or whose place is a file's.
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

    /// Keeps `content` under the key that the query gives, or a random one. `room` is what it has
    /// reserved. 201, or 507 if there is no room.
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

    /// The entry whose key the call's path ends in.
    pub fn get(&self, call: &Call) -> Option<&T> {
        self.store.get(call.parameter)
    }

    /// Lets an entry go, if it is the version that the client means, or is 404.
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

    /// Gives back the room of what is deleted and isn't being sent any more.
    pub fn tidy(&mut self) {
        self.store.tidy();
    }
}

/// 422, with the reason in its body.
pub fn unprocessable(reason: &str) -> Response {
    Response::text(Status::UnprocessableContent, format!("{reason}\n"))
}
