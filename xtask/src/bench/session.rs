//! Cost of publishing a session for its host: the examples of `intproxy-ipc` measure it, a figure a line, and here each
//! is printed beside its goal and beside what a released mirrord's own monitor took.

use std::io::{BufRead as _, BufReader, Write as _, stdout};
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};

use crate::{
    paths::Paths,
    process,
    target_lock::{Target, TargetLock},
};

/// The package that a host embeds.
pub(crate) const PACKAGE: &str = "mirrord-intproxy-ipc";

/// The examples that print figures.
const MEASURING: [(&str, &[&str]); 5] = [
    ("measure", &["emit_cost"]),
    ("measure", &["deliver"]),
    ("measure", &["sustain"]),
    ("measure", &["file_loop"]),
    ("memory", &[]),
];

/// Goal of a figure.
#[derive(Clone, Copy)]
enum Goal {
    AtMost(f64),
    AtLeast(f64),
}

impl Goal {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
        }
    }

    fn words(self) -> String {
        match self {
            Self::AtMost(most) => format!("at most {most}"),
            Self::AtLeast(least) => format!("at least {least}"),
        }
    }
}

/// The figures that have a goal, with the released monitor's where it was measured on the same work; `-` elsewhere.
const GOALS: [(&str, Goal, &str); 21] = [
    ("disabled", Goal::AtMost(1.0), "23"),
    ("beyond_0_readers", Goal::AtMost(25.0), "54"),
    ("beyond_1_readers", Goal::AtMost(40.0), "68"),
    ("beyond_4_readers", Goal::AtMost(40.0), "55"),
    ("four_threads_to_one", Goal::AtMost(1.0), "-"),
    ("paced_1_rate", Goal::AtLeast(1e6), "81,000 to 109,000"),
    ("paced_1_cpu", Goal::AtMost(0.4), "1.2 to 2"),
    ("paced_1_lost", Goal::AtMost(0.0), "16 at 100,000/s"),
    ("paced_4_lost", Goal::AtMost(0.0), "37 to 54 at 50,000/s"),
    ("four_readers_to_one", Goal::AtMost(1.5), "-"),
    ("burst_8000_lost", Goal::AtMost(0.0), "257 of 5,000 arrive"),
    ("steady_10000_0_readers", Goal::AtMost(1.0), "-"),
    ("steady_10000_1_readers", Goal::AtMost(1.0), "1.2 to 2"),
    ("stopped_3s_lost", Goal::AtMost(0.0), "13,900 of 30,000, untold"),
    ("stopped_60s_unexplained", Goal::AtMost(0.0), "all, untold"),
    ("file_loop_1_readers", Goal::AtMost(18.0), "18"),
    ("file_loop_4_readers", Goal::AtMost(56.0), "56"),
    ("at_rest", Goal::AtMost(1024.0), "-"),
    ("flood_no_reader", Goal::AtMost(2048.0), "-"),
    ("flood_8_stuck_readers", Goal::AtMost(2048.0), "-"),
    ("flood_1_reader", Goal::AtMost(2048.0), "-"),
];

/// Emitting, delivering, a minute of it, a program's own loop, memory.
pub(super) fn run(paths: &Paths) -> Result<()> {
    writeln!(
        stdout(),
        "the last column: a released mirrord's own monitor, measured earlier on such a machine; figures beyond building \
         the event are less its 25 ns"
    )?;
    MEASURING
        .iter()
        .try_for_each(|(example, arguments)| measure(paths, example, arguments))
}

/// Runs one example as a release build, with its output on ours.
pub(crate) fn run_example(paths: &Paths, package: &str, example: &str, arguments: &[String]) -> Result<()> {
    let held = TargetLock::take(paths, Target::Native)?;
    process::run_shown(example_command(&held, paths, package, example).args(arguments))
}

fn example_command(held: &TargetLock, paths: &Paths, package: &str, example: &str) -> std::process::Command {
    let mut cargo = held.cargo(paths);
    cargo
        .args(["run", "--quiet", "--release", "--package", package])
        .args(["--example", example, "--"]);
    cargo
}

/// Runs one example, and prints what it says as it says it.
fn measure(paths: &Paths, example: &str, arguments: &[&str]) -> Result<()> {
    let held = TargetLock::take(paths, Target::Native)?;
    let mut child = example_command(&held, paths, PACKAGE, example)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start the example {example}"))?;
    let output = child.stdout.take().context("the example has no output")?;
    for line in BufReader::new(output).lines() {
        writeln!(stdout(), "{}", row(&line?))?;
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("the example {example} failed: {status}");
    }
    Ok(())
}

/// A figure's line with its goal and the reference behind it.
fn row(line: &str) -> String {
    let mut words = line.split_ascii_whitespace();
    let (name, value) = (words.next(), words.next().and_then(|value| value.parse().ok()));
    let goal = GOALS.iter().find(|(own, ..)| Some(*own) == name);
    match (goal, value) {
        (Some((_, goal, reference)), Some(value)) => {
            let met = if goal.is_met(value) { "met" } else { "MISSED" };
            format!("{line:92} {:18} {met:7} {reference}", goal.words())
        }
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_stands_beside_its_goal_and_the_reference() {
        let met = row("disabled      0.285 ns/event (0.2 to 0.3)");
        assert!(
            met.contains("at most 1 ") && met.contains(" met ") && met.ends_with("23"),
            "{met}"
        );
        let missed = row("paced_1_rate  999999 events/s a reader (1 to 2)");
        assert!(missed.contains("MISSED"), "{missed}");
        assert_eq!(row("building 12 ns/event"), "building 12 ns/event");
    }
}
