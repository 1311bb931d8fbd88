//! The README's claims about the command line, held against the command line.

use std::collections::BTreeSet;
use std::path::Path;

use mirrord_tests::home::Home;
use mirrord_tests::within;

const README: &str = include_str!("../../README.md");

/// The long flags in a text.
fn flags(text: &str) -> BTreeSet<String> {
    let words = text.split(|character: char| !(character.is_ascii_alphanumeric() || character == '-'));
    let long = words.filter(|word| word.starts_with("--") && word.len() > 2);
    long.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_readme_names_every_flag_and_no_other() {
    let home = Home::new();
    let of_sessions = ["list", "info", "state", "events", "wait", "stop"].map(|command| vec!["session", command]);
    let commands = ["exec", "ui", "proxy", "record", "diff", "mcp"].map(|command| vec![command]);
    for words in commands.into_iter().chain(of_sessions) {
        let command = words.join(" ");
        let usage = format!("    mirrord {command} ");
        let has_usage = |line: &&str| {
            line.strip_prefix(&usage)
                .is_some_and(|rest| rest.trim_start().starts_with('['))
        };
        let line = README.lines().find(has_usage).unwrap();
        let line = line.split(" -- ").next().unwrap();
        let help = home.mirrord(words.iter().chain(&["--help"])).output();
        let help = within("the help", help).await.unwrap();
        let mut known = flags(&String::from_utf8(help.stdout).unwrap());
        known.remove("--help");
        // The README shows the short forms.
        known.remove("--config-file");
        known.remove("--verbose");
        known.remove("--quiet");
        known.remove("--output");
        assert!(line.contains("[-v]"), "{line}");
        assert_eq!(flags(line), known, "mirrord {command}");
    }
}

#[test]
fn every_file_that_the_readme_points_at_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let targets = README.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let files: Vec<_> = targets.filter(|target| !target.starts_with("https://")).collect();
    assert!(files.len() >= 4, "{files:?}");
    for file in files {
        assert!(root.join(file).is_file(), "{file}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_readmes_curl_line_works() {
    let home = Home::new();
    let ui = mirrord_tests::ui::Ui::start(&home).await;
    let line = README.lines().find(|line| line.trim().starts_with("curl -H")).unwrap();
    let line = line.replace("127.0.0.1:59281", &ui.address.to_string());
    let mut shell = home.command("sh");
    shell
        .args(["-c", &format!("{line} --silent --show-error --fail")])
        .env("TOKEN", &ui.token);
    let output = within("curl", shell.output()).await.unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "[]", "{output:?}");
}
