//! `test`: every check, the cheap ones first, and the end-to-end tests last; it stops at the first that fails.
//!
//! Lints and documentation are built without the page, which also shows that a plain `cargo build` of a fresh clone
//! compiles. With names, only the end-to-end tests that match run. Other systems have commands of their own.

use std::{
    io,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    build::{self, Built, Profile},
    page,
    paths::Paths,
    process::{self, seconds},
    setup::{self, PageTools},
    target_lock::{NESTED_VARIABLE, Target, TargetLock},
    tidy,
};

/// The package of the end-to-end tests: it needs the built binary, and a browser.
const END_TO_END: &str = "mirrord-tests";
/// Packages that are built for wasm.
const WASM_PACKAGES: [&str; 8] = [
    "--package",
    "mirrord-ui-app",
    "--package",
    "mirrord-what-if",
    "--package",
    "mirrord-filter",
    "--package",
    "mirrord-wire",
];
const WASM_TARGET: [&str; 2] = ["--target", "wasm32-unknown-unknown"];

/// The command.
pub(crate) fn run(paths: &Paths, names: &[String]) -> Result<()> {
    if let Some(option) = names.iter().find(|name| name.starts_with('-')) {
        bail!("`test` takes names of end-to-end tests, and got `{option}`");
    }
    let mut steps = Steps::default();
    let result = if names.is_empty() {
        everything(paths, &mut steps)
    } else {
        filtered(paths, &mut steps, names)
    };
    steps.print();
    result
}

fn everything(paths: &Paths, steps: &mut Steps) -> Result<()> {
    steps.run("format", || {
        process::run(paths.cargo().args(["fmt", "--all", "--check"]))
    })?;
    steps.run("tidy", || tidy::run(paths))?;
    let tools = steps.run("set-up", || setup::page_tools(paths))?;
    let programs = programs(paths, steps)?;
    steps.run("lints", || {
        check(paths, |cargo| cargo.args(["clippy", "--workspace", "--all-targets"]))
    })?;
    steps.run("lints of the lean build", || {
        check(paths, |cargo| {
            cargo.args([
                "clippy",
                "--package",
                "mirrord",
                "--package",
                "mirrord-ui-server",
                "--all-targets",
            ]);
            cargo.arg("--no-default-features")
        })
    })?;
    steps.run("lints of the page", || {
        check(paths, |cargo| {
            tools.apply_target(cargo);
            cargo.arg("clippy").args(WASM_PACKAGES).args(WASM_TARGET)
        })
    })?;
    steps.run("lints of the config in the page", || {
        check(paths, |cargo| {
            tools.apply_target(cargo);
            cargo
                .args(["clippy", "--package", "mirrord-config", "--no-default-features"])
                .args(WASM_TARGET)
        })
    })?;
    steps.run("documentation", || documentation(paths))?;
    let built = steps.run("build", || build::build_with(paths, &tools, Profile::Debug))?;
    steps.run("unit and protocol tests", || unit_tests(paths, &built))?;
    steps.run("end-to-end tests", || end_to_end(paths, &tools, &built, &programs, &[]))
}

/// Programs and scripts that end-to-end tests run beside the binary, each by the variable that names it.
type Programs = [(&'static str, PathBuf); 5];

/// Finds or installs what the end-to-end tests run.
fn programs(paths: &Paths, steps: &mut Steps) -> Result<Programs> {
    let chromium = steps.run("set-up of Chromium", || setup::chromium(paths))?;
    let axe = steps.run("set-up of axe-core", || setup::axe(paths))?;
    let mcp_sdk = steps.run("set-up of the MCP SDK", || {
        setup::python_package(paths, &setup::MCP_SDK)
    })?;
    let schemathesis = steps.run("set-up of Schemathesis", || {
        setup::python_package(paths, &setup::SCHEMATHESIS)
    })?;
    let rotel = steps.run("set-up of rotel", || setup::rotel(paths))?;
    steps.run("set-up of shells and FUSE", || setup::test_programs(paths))?;
    Ok([
        (setup::CHROMIUM_VARIABLE, chromium),
        (setup::AXE_VARIABLE, axe),
        (setup::MCP_SDK.variable, mcp_sdk),
        (setup::SCHEMATHESIS.variable, schemathesis),
        (setup::ROTEL_VARIABLE, rotel),
    ])
}

fn filtered(paths: &Paths, steps: &mut Steps, names: &[String]) -> Result<()> {
    let tools = steps.run("set-up", || setup::page_tools(paths))?;
    let programs = programs(paths, steps)?;
    let built = steps.run("build", || build::build_with(paths, &tools, Profile::Debug))?;
    steps.run("end-to-end tests", || {
        end_to_end(paths, &tools, &built, &programs, names)
    })
}

/// Clippy of `packages` for another system, with what `set_up` adds. Examples are measurements, and those are for Linux.
pub(crate) fn clippy_for(
    paths: &Paths,
    target: &str,
    packages: &[&str],
    set_up: impl FnOnce(&mut Command),
) -> Result<()> {
    check(paths, |cargo| {
        set_up(cargo);
        cargo
            .arg("clippy")
            .args(packages)
            .args(["--lib", "--bins", "--tests", "--target", target])
    })
}

/// A clippy that takes no warnings, without the page.
fn check(paths: &Paths, set_up: impl FnOnce(&mut Command) -> &mut Command) -> Result<()> {
    let held = TargetLock::take(paths, Target::Check)?;
    let mut cargo = held.cargo(paths);
    set_up(&mut cargo)
        .args(["--", "--deny", "warnings"])
        .env_remove(page::VARIABLE);
    process::run(&mut cargo)
}

fn documentation(paths: &Paths) -> Result<()> {
    let held = TargetLock::take(paths, Target::Check)?;
    let mut cargo = held.cargo(paths);
    // With private items: the readers are those who change a crate, and links between its modules are checked too.
    cargo.args([
        "doc",
        "--no-deps",
        "--document-private-items",
        "--workspace",
        "--lib",
        "--exclude",
        END_TO_END,
    ]);
    cargo
        .env(
            "RUSTDOCFLAGS",
            "--deny warnings --allow rustdoc::private-intra-doc-links",
        )
        .env_remove(page::VARIABLE);
    process::run(&mut cargo)
}

fn unit_tests(paths: &Paths, built: &Built) -> Result<()> {
    let held = TargetLock::take(paths, Target::Native)?;
    let mut cargo = held.cargo(paths);
    cargo
        .args(["test", "--workspace", "--exclude", END_TO_END, "--no-fail-fast"])
        .env(page::VARIABLE, &built.page);
    process::run_shown(&mut cargo)
}

fn end_to_end(paths: &Paths, tools: &PageTools, built: &Built, programs: &Programs, names: &[String]) -> Result<()> {
    let held = TargetLock::take(paths, Target::Native)?;
    let mut cargo = held.cargo(paths);
    cargo.args(["test", "--package", END_TO_END, "--"]).args(names);
    // What the tests start is given the binary, and uses the tools and the locks that are ours already.
    tools.apply(&mut cargo)?;
    cargo
        .env(page::VARIABLE, &built.page)
        .env(build::BINARY_VARIABLE, &built.binary);
    cargo.envs(programs.iter().map(|(variable, path)| (variable, path)));
    cargo.env(NESTED_VARIABLE, "1");
    process::run_shown(&mut cargo)
}

/// The steps so far, with the time that each took.
#[derive(Debug, Default)]
struct Steps(Vec<(&'static str, Duration, bool)>);

impl Steps {
    fn run<T>(&mut self, name: &'static str, step: impl FnOnce() -> Result<T>) -> Result<T> {
        eprintln!("\n== {name}");
        let started = Instant::now();
        let result = step();
        self.0.push((name, started.elapsed(), result.is_ok()));
        result.with_context(|| format!("the step `{name}` failed"))
    }

    fn print(&self) {
        // After everything that the last test runner wrote to the other stream.
        let _ = io::Write::flush(&mut io::stdout());
        eprintln!("\n{}", self.table());
    }

    fn table(&self) -> String {
        let line = |(name, time, is_ok): &(&str, Duration, bool)| {
            format!(
                "{} {name:<26} {:>12}\n",
                if *is_ok { "ok    " } else { "FAILED" },
                seconds(*time)
            )
        };
        let total = self.0.iter().map(|(_, time, _)| *time).sum();
        let lines: String = self.0.iter().map(line).collect();
        format!("{lines}       {:<26} {:>12}", "in all", seconds(total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_that_failed_is_named_and_marked() {
        let mut steps = Steps::default();
        steps.run("first", || Ok(())).unwrap();
        let error = steps.run("second", || -> Result<()> { bail!("no luck") }).unwrap_err();
        assert_eq!(format!("{error:#}"), "the step `second` failed: no luck");
        let table = steps.table();
        assert!(table.contains("ok     first") && table.contains("FAILED second") && table.contains("in all"));
    }
}
