//! Job control: in bash, zsh and dash, the program gets the signals that it gets without us, once each and in that order.
//!
//! Each scenario of `jobs.py` runs with the bare program and with the watched one. A shell that is not installed is left
//! out, and said to be, but not in CI.

use mirrord_tests::home::{Home, binary};
use mirrord_tests::within;

const DRIVER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/e2e/exec/jobs.py");
const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/e2e/exec/counts.py");

/// The shells, with what makes them interactive, without a person's own settings and line editor.
const SHELLS: [&[&str]; 3] = [
    &["bash", "--norc", "--noprofile", "-i"],
    &["zsh", "-f", "-i", "+Z", "-o", "NO_PROMPT_SP"],
    &["dash", "-i"],
];

#[derive(Clone, Copy, PartialEq)]
enum Shell {
    Interactive,
    Script,
}

/// The signals that the program got.
async fn signals(home: &Home, scenario: &str, shell: &[&str], watched: bool) -> String {
    let log = home.path().join(format!("log-{watched}"));
    let mut driver = home.command("python3");
    driver.arg(DRIVER).arg(scenario).arg(&log);
    driver.arg(if watched { "parent" } else { "self" });
    driver.args(shell).arg("--");
    if watched {
        driver.arg(binary()).args(["exec", "-q", "--"]);
    }
    let output = driver.args(["python3", PROGRAM]).output();
    let output = within(scenario, output).await.unwrap();
    assert!(output.status.success(), "{scenario} in {shell:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[expect(clippy::print_stdout, reason = "a part that is left out is said to be")]
async fn as_without_us(scenario: &str, kind: Shell, expected: &str) {
    for shell in SHELLS {
        let words = if kind == Shell::Script { &shell[..1] } else { shell };
        if std::process::Command::new(words[0]).args(["-c", ":"]).output().is_err() {
            assert!(std::env::var_os("CI").is_none(), "{} has to be installed", words[0]);
            println!("there is no {} on this machine: {scenario} is left out there", words[0]);
            continue;
        }
        let home = Home::new();
        let bare = signals(&home, scenario, words, false).await;
        let watched = signals(&home, scenario, words, true).await;
        assert_eq!(
            (bare.trim(), watched.trim()),
            (expected, expected),
            "{scenario} in {words:?}"
        );
        assert!(home.sessions_left().is_empty(), "{:?}", home.sessions_left());
    }
}

const KEYS: &str = "ready int usr1 cont usr1 cont usr1 int usr1 cont usr1 term";

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_ctrl_z_fg_bg_and_kill_are_the_programs_in_every_shell() {
    as_without_us("keys", Shell::Interactive, KEYS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipeline_is_one_job_in_every_shell() {
    as_without_us("pipeline", Shell::Interactive, KEYS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_whose_terminal_closes_hangs_up_the_program() {
    as_without_us("closing", Shell::Interactive, "ready hup").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_that_closes_hangs_up_the_program_that_leads_its_session() {
    as_without_us("leader", Shell::Interactive, "ready hup").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_that_signals_its_group_reaches_the_program_once() {
    as_without_us("script", Shell::Script, "ready usr1 term").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_signals_its_group_gets_it_once() {
    as_without_us("inner", Shell::Script, "ready usr1 term").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_signals_its_parent_reaches_who_started_mirrord() {
    as_without_us("to_parent", Shell::Script, "ready term outer").await;
}
