use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::tests::answer;

fn pieces<'a>(stream: &'a [u8], cuts: &[Index]) -> Vec<&'a [u8]> {
    let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
    cuts.sort_unstable();
    let mut pieces = Vec::new();
    let mut start = 0;
    for cut in cuts {
        pieces.push(&stream[start..cut]);
        start = cut;
    }
    pieces.push(&stream[start..]);
    pieces
}

/// Bytes that look like requests in places.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let words = select(vec![
        "GET / HTTP/1.1\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\n",
        "Host: a\r\n",
        "Content-Length: ",
        "Content-Length: 99\r\n\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Expect: 100-continue\r\n",
        "5\r\nhello\r\n",
        "ffffffffffffffff",
        "0\r\n",
        "\r\n",
        "\r",
        "\n",
        ";",
        ":",
        " ",
    ]);
    vec(words, 0..30).prop_map(|words| words.concat().into_bytes())
}

proptest! {
    #[test]
    fn any_bytes_get_the_same_responses_however_they_are_cut(
        bytes in noise(),
        cuts in vec(any::<Index>(), 0..20),
    ) {
        prop_assert_eq!(answer(&pieces(&bytes, &cuts)), answer(&[&bytes]));
    }
}
