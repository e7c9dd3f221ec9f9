//! What links and pastes have in common.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::files::Files;
use super::keys::{is_key, random_key};
use super::store::Store;
use crate::budget::Reservation;
use crate::http::{Call, Response, Status, Validators};

/// Entries of one kind, each at a path of its own below `place`. All workers have the same.
///
/// Their lock is held for as long as it takes to look into the memory, and never during a system call.
pub struct Kept<T> {
    /// The path of the place where entries are made, without its slash.
    place: &'static str,
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    store: Mutex<Store<T>>,
    /// Whether deleted entries still have their room. So nobody takes the lock to find out.
    is_leaving: AtomicBool,
}

/// The same entries, for another worker.
impl<T> Clone for Kept<T> {
    fn clone(&self) -> Kept<T> {
        Kept { place: self.place, shared: Arc::clone(&self.shared) }
    }
}

impl<T> Kept<T> {
    /// No entries yet; `is_shared` as for [`Store::new`].
    pub fn at(place: &'static str, is_shared: fn(&T) -> bool) -> Kept<T> {
        let (store, is_leaving) = (Mutex::new(Store::new(is_shared)), false.into());
        Kept { place, shared: Arc::new(Shared { store, is_leaving }) }
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
        self.store().get(key).is_none() && !files.has(place.as_bytes())
    }

    /// Keeps `content` under the key that the query gives, or a random one. `room` is what it has
    /// reserved. 201, or 409 if another worker was faster, or 507 if there is no room.
    pub fn add(
        &self,
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
        let mut store = self.store();
        if store.get(&key).is_some() {
            return Response::of(Status::Conflict);
        }
        if !store.add(&key, content, room) {
            return Response::of(Status::InsufficientStorage);
        }
        drop(store);
        let location = format!("{}/{key}", self.place);
        Response::text(Status::Created, format!("/{location}\n"))
            .with("Location", location)
    }

    /// The response that an entry gives, whose key the call's path ends in.
    pub fn answer(
        &self,
        call: &Call,
        response: impl FnOnce(&T) -> Response,
    ) -> Option<Response> {
        self.store().get(call.parameter).map(response)
    }

    /// Lets an entry go, if it is the version that the client means, or is 404.
    pub fn delete(&self, call: &Call, version: fn(&T) -> &Validators) -> Response {
        let mut store = self.store();
        let Some(entry) = store.get(call.parameter) else {
            return Response::of(Status::NotFound);
        };
        if let Err(status) = call.conditions.check(version(entry)) {
            return Response::of(status);
        }
        store.delete(call.parameter);
        self.shared.is_leaving.store(true, Ordering::Relaxed);
        Response::of(Status::NoContent)
    }

    /// Gives back the room of what is deleted and isn't being sent any more.
    pub fn tidy(&self) {
        if self.shared.is_leaving.load(Ordering::Relaxed) {
            let mut store = self.store();
            self.shared.is_leaving.store(store.tidy(), Ordering::Relaxed);
        }
    }

    fn store(&self) -> MutexGuard<'_, Store<T>> {
        self.shared.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 422, with the reason in its body.
pub fn unprocessable(reason: &str) -> Response {
    Response::text(Status::UnprocessableContent, format!("{reason}\n"))
}
