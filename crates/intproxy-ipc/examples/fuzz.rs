//! Looks for requests that break the session socket, for as long as its argument says.
//!
//!     cargo run --release --package mirrord-intproxy-ipc --example fuzz -- SECONDS [CORPUS_DIR [SEED]]
//!
//! It mutates what is in the corpus, and keeps what got an answer of a new kind (that is its guide: no instrumented build is
//! needed, so it runs wherever the tests do). An input that breaks a promise is written to the corpus as `crash-…`, so that
//! the tests ask it again, and the program ends with 1.

#![allow(clippy::print_stdout, reason = "its output is its purpose")]

use std::collections::BTreeSet;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

#[path = "../tests/it/fuzzing.rs"]
mod fuzzing;

/// A longer input than this finds nothing that a shorter one does not, but for the bounds, which are in the dictionary.
const MAX_INPUT_BYTES: usize = 100_000;

/// Parts that requests are made of.
const DICTIONARY: &[&str] = &[
    "GET ",
    "POST ",
    "/health",
    "/info",
    "/state",
    "/events",
    "/kill",
    "?since=",
    "&since=",
    " HTTP/1.1\r\n",
    " HTTP/1.0\n",
    " HTTP/2.0\r\n",
    "\r\n",
    "\n",
    "\r\n\r\n",
    "Content-Length: ",
    "Transfer-Encoding: chunked",
    "Accept: ",
    "text/event-stream",
    "Last-Event-ID: ",
    "0",
    "1",
    "18446744073709551616",
    "65536",
    "65537",
    "http://h",
    ":",
    " ",
    "\t",
    "\0",
    "\u{1b}[2J",
    "é",
    "zqxj",
    "%2e",
    "..",
];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let seconds = arguments.next().ok_or("SECONDS [CORPUS_DIR [SEED]]")?.parse()?;
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let directory = arguments.next().map_or_else(own, PathBuf::from);
    let seed = arguments.next().map_or(Ok(0x5EED), |seed| seed.parse())?;
    let mut fuzzer = Fuzzer::new(directory, seed)?;
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut count = 0_u64;
    while Instant::now() < until {
        let input = fuzzer.mutated();
        count += 1;
        if !fuzzer.try_input(input)? {
            return Ok(ExitCode::FAILURE);
        }
    }
    println!(
        "fuzz: {count} requests, {} kinds of answers, nothing broken",
        fuzzer.kinds.len()
    );
    Ok(ExitCode::SUCCESS)
}

struct Fuzzer {
    directory: PathBuf,
    inputs: Vec<Vec<u8>>,
    kinds: BTreeSet<fuzzing::Signature>,
    random: Random,
}

impl Fuzzer {
    fn new(directory: PathBuf, seed: u64) -> Result<Self, Box<dyn Error>> {
        std::fs::create_dir_all(&directory)?;
        let mut files = std::fs::read_dir(&directory)?.collect::<Result<Vec<_>, _>>()?;
        files.sort_by_key(std::fs::DirEntry::file_name);
        let mut fuzzer = Self {
            directory,
            inputs: vec![b"\x03GET /health HTTP/1.1\r\nA: zqxj\r\n\r\n".to_vec()],
            kinds: BTreeSet::new(),
            random: Random(seed),
        };
        for file in files {
            let input = std::fs::read(file.path())?;
            fuzzer.kinds.insert(ask(&input));
            fuzzer.inputs.push(input);
        }
        Ok(fuzzer)
    }

    /// Reports an input that kept every promise; one of a new kind joins the corpus.
    fn try_input(&mut self, input: Vec<u8>) -> Result<bool, Box<dyn Error>> {
        let Ok(kind) = catch_unwind(AssertUnwindSafe(|| ask(&input))) else {
            let path = self.directory.join(format!("crash-{:016x}", hash(&input)));
            std::fs::write(&path, &input)?;
            println!("fuzz: broken by {}", path.display());
            return Ok(false);
        };
        if self.kinds.insert(kind.clone()) {
            println!("fuzz: new: {kind}");
            std::fs::write(self.directory.join(format!("{:016x}", hash(&input))), &input)?;
            self.inputs.push(input);
        }
        Ok(true)
    }

    fn mutated(&mut self) -> Vec<u8> {
        let random = &mut self.random;
        let mut input = self.inputs[random.below(self.inputs.len())].clone();
        for _ in 0..=random.below(6) {
            let at = random.below(input.len() + 1);
            match random.below(7) {
                0 if at < input.len() => input[at] ^= 1 << random.below(8),
                1 if at < input.len() => _ = input.remove(at),
                2 => input.truncate(at),
                3 => input.insert(at, random.below(256) as u8),
                4 => {
                    let other = &self.inputs[random.below(self.inputs.len())];
                    let from = random.below(other.len() + 1);
                    input.truncate(at);
                    input.extend_from_slice(&other[from..]);
                }
                5 if random.below(50) == 0 => {
                    let many = [64, 8_191, 8_193, 70_000][random.below(4)];
                    input.splice(at..at, std::iter::repeat_n(b'x', many));
                }
                _ => {
                    let word = DICTIONARY[random.below(DICTIONARY.len())];
                    input.splice(at..at, word.bytes());
                }
            }
        }
        input.truncate(MAX_INPUT_BYTES);
        input
    }
}

fn ask(input: &[u8]) -> fuzzing::Signature {
    let runtime = fuzzing::runtime().expect("a runtime");
    runtime.block_on(async { fuzzing::check(&fuzzing::session(), input).await })
}

fn hash(input: &[u8]) -> u64 {
    input.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    })
}

/// SplitMix64: the same seed, the same inputs.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) as usize % bound.max(1)
    }
}
