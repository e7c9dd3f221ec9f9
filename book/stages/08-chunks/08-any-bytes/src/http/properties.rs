use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

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

proptest! {
    #[test]
    fn any_bytes_get_the_same_responses_however_they_are_cut(
        bytes in vec(any::<u8>(), 0..100),
        cuts in vec(any::<Index>(), 0..20),
    ) {
        prop_assert_eq!(answer(&pieces(&bytes, &cuts)), answer(&[&bytes]));
    }
}
