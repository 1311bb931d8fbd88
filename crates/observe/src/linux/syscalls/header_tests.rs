//! Table of system calls against the kernel's own headers: numbers of this machine's architecture, and the names that
//! aarch64, whose table is the generic one, has to know as well.

use std::collections::BTreeMap;
use std::fs;

use super::WATCHED;

/// Headers of linux-libc-dev, by architecture; the generic one is aarch64's.
const X86_64: [&str; 2] = [
    "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
    "/usr/include/asm/unistd_64.h",
];
const GENERIC: [&str; 1] = ["/usr/include/asm-generic/unistd.h"];

/// Numbers by name; `None` where there is no header.
fn header(paths: &[&str]) -> Option<BTreeMap<String, i64>> {
    let text = paths.iter().find_map(|path| fs::read_to_string(path).ok())?;
    let mut defined: BTreeMap<&str, &str> = BTreeMap::new();
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        if let (Some("#define"), Some(name), Some(value)) = (words.next(), words.next(), words.next()) {
            defined.insert(name, value);
        }
    }
    let number = |name: &str| {
        let value = defined.get(name)?;
        value.parse().ok().or_else(|| defined.get(value)?.parse().ok())
    };
    let names = defined
        .keys()
        .filter_map(|name| Some((name.strip_prefix("__NR_")?.to_owned(), number(name)?)));
    Some(names.collect())
}

/// Names in the table's text, in its order, each with whether it is for x86_64 alone.
fn names() -> Vec<(String, bool)> {
    let text = include_str!("../syscalls.rs");
    let table = text
        .split("const WATCHED")
        .nth(1)
        .and_then(|rest| rest.split("\n];").next())
        .unwrap();
    let mut names = Vec::new();
    let mut is_for_x86 = false;
    for line in table.lines() {
        is_for_x86 |= line.contains("target_arch = \"x86_64\"");
        let words = line.split(|character: char| !(character.is_ascii_alphanumeric() || character == '_'));
        for word in words {
            let name = if word == "RENAMEAT" {
                Some("renameat")
            } else {
                word.strip_prefix("SYS_")
            };
            if let Some(name) = name {
                names.push((name.to_ascii_lowercase(), std::mem::take(&mut is_for_x86)));
            }
        }
    }
    names
}

#[test]
fn the_numbers_are_those_of_the_kernels_header() {
    let headers: &[&str] = if cfg!(target_arch = "x86_64") {
        &X86_64
    } else {
        &GENERIC
    };
    let Some(header) = header(headers) else {
        eprintln!("left out: linux-libc-dev is not here");
        return;
    };
    let newest = header.values().max().copied().unwrap();
    let names = names()
        .into_iter()
        .filter(|(_, is_for_x86)| cfg!(target_arch = "x86_64") || !is_for_x86);
    let names: Vec<_> = names.collect();
    assert_eq!(names.len(), WATCHED.len(), "{names:?}");
    for ((name, _), call) in names.iter().zip(WATCHED) {
        match header.get(name) {
            Some(number) => assert_eq!(*number, call.number, "{name}"),
            // The header is of an older kernel.
            None => assert!(call.number > newest, "{name}"),
        }
    }
}

#[test]
fn aarch64_knows_every_call_that_is_not_for_x86_64_alone() {
    let Some(header) = header(&GENERIC) else {
        eprintln!("left out: linux-libc-dev is not here");
        return;
    };
    let newest = header.values().max().copied().unwrap();
    for (name, is_for_x86) in names() {
        // From 424 on, numbers are the same on all architectures.
        let is_newer = WATCHED.iter().any(|call| call.number > newest && call.number >= 424);
        assert!(
            header.contains_key(&name) != is_for_x86 || (is_newer && name == "fchmodat2"),
            "{name}"
        );
    }
    assert_eq!(header["renameat"], 38, "the number that the table has by itself");
}
