//! Requests that the fuzzer found once, asked again: every file in `corpus/`.

use crate::fuzzing;

#[test]
fn every_input_of_the_corpus_is_answered_by_the_protocol() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let entries = std::fs::read_dir(&corpus).unwrap_or_else(|error| panic!("{}: {error}", corpus.display()));
    let mut signatures = std::collections::BTreeSet::new();
    for entry in entries {
        let input = std::fs::read(entry.unwrap().path()).unwrap();
        fuzzing::runtime().unwrap().block_on(async {
            let session = fuzzing::session();
            signatures.insert(fuzzing::check(&session, &input).await);
        });
    }
    assert!(signatures.len() >= 20, "the corpus reaches little: {signatures:?}");
}
