//! Any bytes at all, cut anywhere, end in the same responses.
//!
//! - No panic, and no loop without an end: what consumes nothing answers nothing.
//! - What is left over and what waits to be sent stay bounded.
//! - The same bytes, whole, cut, or one by one, give the same responses, the same requests and
//!   the same end.
//! - Each request is answered once and in order. The connection ends behind the one response
//!   that says so.

use lander::http::Method;

use super::conversation::{Conversation, Received, Recorder, converse, pieces, replies};

/// How long a wanted body may be, in bytes: little, so that it is soon too long.
const BODY_LIMIT: u64 = 100;

pub fn check(input: &[u8]) {
    let pieces = pieces(input);
    let stream = pieces.concat();
    let (whole, requests) = serve(&[&stream]);
    let bytes: Vec<_> = stream.chunks(1).collect();
    for pieces in [pieces, bytes] {
        let (cut, received) = serve(&pieces);
        assert!(cut.output == whole.output, "{}", as_text(&cut, &whole));
        assert_eq!(cut.has_ended, whole.has_ended);
        assert_eq!(received, requests);
    }

    let replies = replies(&whole.output, &requests);
    let finals: Vec<_> = replies.iter().filter(|reply| reply.status != "100").collect();
    let answered = requests.iter().filter(|request| request.is_whole);
    for (request, reply) in answered.clone().zip(&finals) {
        assert_eq!(reply.status, "200");
        assert!(request.method == "HEAD" || reply.body == request.answer());
    }
    let refusals = finals.len() - answered.count();
    assert!(refusals <= usize::from(whole.has_ended), "{refusals} refusals");
    let closing = finals.iter().position(|reply| reply.closes);
    assert_eq!(closing, whole.has_ended.then(|| finals.len() - 1));
}

fn serve(pieces: &[&[u8]]) -> (Conversation, Vec<Received>) {
    let limit = |method| (method == Method::Post).then_some(BODY_LIMIT);
    let mut recorder = Recorder::new(limit);
    let conversation = converse(&mut recorder, pieces);
    let mut received = recorder.received;
    for request in received.iter_mut().filter(|request| !request.is_whole) {
        request.body.clear();
    }
    (conversation, received)
}

fn as_text(cut: &Conversation, whole: &Conversation) -> String {
    let [cut, whole] = [cut, whole].map(|it| String::from_utf8_lossy(&it.output));
    format!("\n-- cut:\n{cut}\n-- whole:\n{whole}")
}
