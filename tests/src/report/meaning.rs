//! What a failure usually means. The check doesn't know the server's code, only what it said
//! to it and what came: what it can't know, it says with a "perhaps".

use std::time::Duration;

use crate::evidence::failure::{Failure, Kind};
use crate::evidence::script::Said;

pub fn meaning(failure: &Failure) -> String {
    let client = failure.client.as_ref();
    let mut all = failure.script.said.iter();
    let said = all.rfind(|said| Some(&said.client) == client);
    match &failure.kind {
        Kind::Different { .. } => {
            "The bytes came in time, but they are other ones: some are lost, doubled or out of \
             order, they are\n  someone else's, or the server says something else."
                .into()
        }
        Kind::ClosedEarly { expected, .. } => closed_early(expected, said),
        Kind::Reset { .. } | Kind::ResetAtEnd => {
            "The connection was reset: usually the server closed it with input still unread."
                .into()
        }
        Kind::Silence { waited, .. } => format!(
            "The connection is open, and for {} nothing came: the server waits for someone \
             else, for input that\n  already came or for an event that won't come, or it is \
             slower than that (--patience).",
            seconds(*waited)
        ),
        Kind::NoEnd { waited } => no_end(*waited, said),
        Kind::ExtraBytes { .. } => {
            "The server said something although nothing was owed.".into()
        }
        Kind::Refused { .. } => "Nobody listens any more, or nobody accepts.".into(),
        Kind::NotHttp { .. } => "A strict HTTP client can't read this.".into(),
        Kind::Fact { .. } => "All went as it should until this.".into(),
        Kind::Own { .. } => "That says nothing about your server.".into(),
        Kind::Ahead { .. } => "Go on with the next chapter.".into(),
        Kind::DidNotStart { .. } => "Is the command right?".into(),
        Kind::DidNotListen { .. } => {
            "If it takes longer to start, --patience gives it more time.".into()
        }
        Kind::ListensElsewhere { .. } => {
            "It has to listen on the address that is its last argument.".into()
        }
        Kind::WantsAnother { .. } => {
            "If it needs both, --jobs 1 starts one copy of it at a time.".into()
        }
        Kind::Died { .. } => match failure.script.traced.as_deref() {
            None | Some([]) => {
                "Whatever one client does, a server goes on for the others.".into()
            }
            Some(_) => {
                "A call that the kernel lets fail, through no fault of the server, is no \
                 reason to end."
                    .into()
            }
        },
    }
}

fn closed_early(expected: &[u8], said: Option<&Said>) -> String {
    if expected.is_empty() {
        return "The server closed a connection that should have stayed.".into();
    }
    let half_closed = said.is_some_and(|said| said.half_closed);
    let reads_late = said.is_some_and(|said| said.reads_late);
    let perhaps = match (half_closed, reads_late) {
        (false, false) => "",
        (true, false) => {
            " Perhaps it takes\n  the end of what the client sends for the end of the \
             conversation."
        }
        (false, true) => {
            " Perhaps it drops\n  what the socket doesn't take, or questions that come behind \
             another."
        }
        (true, true) => {
            " Perhaps it takes\n  the end of what the client sends for the end of the \
             conversation, or drops what the socket doesn't\n  take."
        }
    };
    format!("The server closed the connection before it had sent all it owed.{perhaps}")
}

fn no_end(waited: Duration, said: Option<&Said>) -> String {
    let waited = seconds(waited);
    let why = match said {
        Some(said) if said.half_closed => {
            "The client has said that it sends no more, and is owed nothing: the"
        }
        Some(said) if says_close(&said.last) => {
            "The client's last request says `Connection: close`: the"
        }
        _ => "The",
    };
    format!(
        "{why} server should close here,\n  and for {waited} kept the connection open."
    )
}

fn says_close(request: &[u8]) -> bool {
    let request = request.to_ascii_lowercase();
    let field = b"\r\nconnection: close\r\n";
    request.windows(field.len()).any(|bytes| bytes == field)
}

pub fn seconds(time: Duration) -> String {
    match time.as_secs_f64() {
        1.0 => "1 second".into(),
        seconds => format!("{seconds} seconds"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: Kind, said: Said) -> String {
        let mut failure = Failure::new(kind).of("A");
        failure.script.said = vec![Said { client: "A".into(), ..said }];
        meaning(&failure)
    }

    #[test]
    fn the_end_is_due_for_a_reason() {
        let no_end = || Kind::NoEnd { waited: Duration::from_secs(5) };
        let mut said = Said::default();
        assert!(of(no_end(), said.clone()).starts_with("The server should close"));
        said.sent(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
        assert!(of(no_end(), said.clone()).contains("`Connection: close`"));
        said.sent(b"GET / HTTP/1.1\r\nX-Connection: close\r\n\r\n");
        assert!(!of(no_end(), said.clone()).contains("`Connection: close`"));
        said.half_closed = true;
        assert!(of(no_end(), said).contains("sends no more"));
    }

    #[test]
    fn only_a_client_that_half_closed_may_have_been_taken_for_gone() {
        let early = |expected: &[u8]| Kind::ClosedEarly {
            expected: expected.to_vec(),
            received: Vec::new(),
        };
        let said = Said::default();
        assert!(!of(early(b"hello"), said.clone()).contains("Perhaps"));
        let half_closed = Said { half_closed: true, ..said.clone() };
        assert!(of(early(b"hello"), half_closed.clone()).contains("the end of what"));
        assert!(!of(early(b""), half_closed).contains("owed"));
        let late = Said { reads_late: true, ..said };
        assert!(of(early(b"hello"), late).contains("what the socket doesn't take"));
    }
}
