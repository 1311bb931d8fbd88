//! `mirrord diff A B`: what only one of two recorded runs touched, and what came of it otherwise.

use std::path::Path;
use std::process::ExitCode;

use mirrord_record::RecordReader;
use mirrord_record::compare::compare;
use mirrord_wire::api::{Changed, Comparison, Difference, OnlyOne, Seen};

use crate::args::Diff;
use crate::diagnostics::diagnostic;
use crate::session::SessionError;
use crate::session::output::{BAD, BOLD, DIM, GOOD, HINT, Output, PLAIN, cell};

/// Names of one list that are printed as text without `--all`.
const SHOWN_NAMES: usize = 50;
/// Exit code of a difference, with `--exit-code`.
const DIFFERENT: u8 = 14;

/// Runs the command to its end, and returns its exit code.
pub(crate) fn run(arguments: &Diff) -> ExitCode {
    match diff(arguments) {
        Ok(comparison) if arguments.exit_code && !comparison.same => ExitCode::from(DIFFERENT),
        Ok(_) => ExitCode::SUCCESS,
        Err(SessionError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            error.report(arguments.json);
            ExitCode::from(error.code())
        }
    }
}

fn diff(arguments: &Diff) -> Result<Comparison, SessionError> {
    let open = |path: &Path| RecordReader::open(path);
    let (mut first, mut second) = (open(&arguments.first)?, open(&arguments.second)?);
    let comparison = compare(&mut first, &mut second)?;
    for note in comparison.a.notes.iter().chain(&comparison.b.notes) {
        diagnostic!("mirrord: {note}");
    }
    let mut out = Output::new();
    if arguments.json {
        out.json(&comparison)?;
    } else {
        print(
            &mut out,
            &comparison,
            if arguments.all { usize::MAX } else { SHOWN_NAMES },
        )?;
    }
    out.flush()?;
    Ok(comparison)
}

fn print(out: &mut Output, comparison: &Comparison, most: usize) -> std::io::Result<()> {
    for (mark, style, record) in [("-", BAD, &comparison.a), ("+", GOOD, &comparison.b)] {
        let events = format!("{} events", record.events);
        out.line(&[
            cell(mark, style),
            cell(&record.session_id, BOLD),
            cell(&record.label, PLAIN),
            cell(&events, DIM),
        ])?;
    }
    for (name, difference) in comparison.categories() {
        print_category(out, name, difference, most)?;
    }
    if comparison.same {
        out.line(&[cell("nothing differs", GOOD)])?;
    }
    Ok(())
}

fn print_category(out: &mut Output, name: &str, difference: &Difference, most: usize) -> std::io::Result<()> {
    if difference.is_empty() && difference.omitted == 0 {
        return Ok(());
    }
    let Difference {
        only_a,
        only_b,
        changed,
        same,
        omitted,
    } = difference;
    let counts = format!(
        "{} only in the first, {} only in the second, {} changed, {same} alike",
        only_a.len(),
        only_b.len(),
        changed.len()
    );
    out.line(&[cell(name, BOLD), cell(&counts, DIM)])?;
    for (mark, style, list) in [("-", BAD, only_a), ("+", GOOD, only_b)] {
        for OnlyOne { name, seen } in list.iter().take(most) {
            out.line(&[
                cell(&format!("  {mark}"), style),
                cell(name, PLAIN),
                cell(&text(seen), DIM),
            ])?;
        }
        print_rest(out, list.len(), most)?;
    }
    for Changed { name, what, a, b } in changed.iter().take(most) {
        let change = if what.iter().all(|what| what == "value") {
            "another value".to_owned()
        } else {
            format!("{} → {}", text(a), text(b))
        };
        out.line(&[cell("  ~", HINT), cell(name, PLAIN), cell(&change, HINT)])?;
    }
    print_rest(out, changed.len(), most)?;
    if *omitted > 0 {
        out.line(&[cell(
            &format!("  {omitted} events of further names were not compared"),
            HINT,
        )])?;
    }
    Ok(())
}

fn print_rest(out: &mut Output, length: usize, most: usize) -> std::io::Result<()> {
    match length.saturating_sub(most) {
        0 => Ok(()),
        rest => out.line(&[cell(&format!("  and {rest} more: --all prints them"), DIM)]),
    }
}

/// Outcomes and routings of a name, as text.
fn text(seen: &Seen) -> String {
    let words: Vec<_> = seen.outcomes.iter().chain(&seen.routing).map(String::as_str).collect();
    if words.is_empty() {
        "seen".to_owned()
    } else {
        words.join(", ")
    }
}
