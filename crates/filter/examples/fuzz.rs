//! Looks for texts that break the language, for as long as its argument says.
//!
//!     cargo run --release --package mirrord-filter --example fuzz -- SECONDS [SEED]
//!
//! It mutates the lines of the corpus. What breaks a promise ends the program with the text that did; add it to the corpus,
//! so that the tests replay it.

#![allow(clippy::print_stdout, reason = "its output is its purpose")]

use std::time::{Duration, Instant};

use mirrord_filter::{JsonRow, Scope, complete, parse};

const CORPUS: &str = include_str!("../corpus/filters.txt");
/// Parts that filters are made of.
const DICTIONARY: [&str; 34] = [
    " ", "\"", "\\", "/", "(", ")", "-", ":", "*", ",", "..", "=", ">", "<", " OR ", " AND ", "NOT ", "path:", "port:",
    "time:", "type:", "size:", "after:", "tree:", "/a|b/", "(?s)", "{3}", "[", "]", "İ", "16:05", "-5m", "1MB",
    "\u{3000}",
];

/// A small generator (SplitMix64): runs can be repeated by their seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % bound.max(1) as u64) as usize
    }

    fn place(&mut self, text: &str) -> usize {
        text.floor_char_boundary(self.below(text.len() + 1))
    }

    fn mutated(&mut self, text: &str, other: &str) -> String {
        let mut out = text.to_owned();
        for _ in 0..=self.below(4) {
            let (from, to) = (self.place(&out), self.place(&out));
            match self.below(3) {
                0 => out.insert_str(from, DICTIONARY[self.below(DICTIONARY.len())]),
                1 => out.replace_range(from.min(to)..from.max(to), ""),
                _ => out.insert_str(from, &other[..self.place(other)]),
            }
        }
        out
    }
}

/// Panics where the text breaks a promise.
fn check(text: &str, event: &serde_json::Value) {
    for found in complete(text, text.len() / 2, |_, _| vec!["a b".to_owned()]) {
        assert!(text.get(found.range).is_some());
    }
    match parse(text) {
        Err(error) => assert!(text.get(error.span()).is_some()),
        Ok(read) => {
            assert_eq!(parse(&read.to_string()), Ok(read.clone()), "{read}");
            let _ = (
                read.matches(&JsonRow::new(event, Some("node")), &Scope::default()),
                read.marks("/a b", &[]),
                read.explain(),
            );
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let seconds = arguments.next().map_or(Ok(10), |seconds| seconds.parse())?;
    let mut random = Random(arguments.next().map_or(Ok(1), |seed| seed.parse())?);
    let mut texts: Vec<String> = CORPUS.lines().map(str::to_owned).collect();
    let event = serde_json::json!({"type": "FileOp", "path": "/a é/İ\"*", "operation": "open", "pid": 1});
    let (start, mut tried) = (Instant::now(), 0_u64);
    while start.elapsed() < Duration::from_secs(seconds) {
        let other = texts[random.below(texts.len())].clone();
        let at = random.below(texts.len());
        let text = random.mutated(&texts[at], &other);
        let outcome = std::panic::catch_unwind(|| check(&text, &event));
        if outcome.is_err() {
            return Err(format!("this text breaks a promise: {text:?}").into());
        }
        tried += 1;
        // Texts that parse lead further; the list is bounded by taking the place of the one they came from.
        if parse(&text).is_ok_and(|read| !read.is_open()) && text.len() < 400 {
            match texts.len() < 5_000 {
                true => texts.push(text),
                false => texts[at] = text,
            }
        }
    }
    println!("{tried} texts in {seconds} s, and none broke a promise");
    Ok(())
}
