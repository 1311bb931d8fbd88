//! `mirrord verify-config` and `mirrord config`: what a config would do, on the command line; and `mirrord exec` with a
//! config that cannot be used.

use std::fs;
use std::process::{Output, Stdio};

use mirrord_tests::home::Home;
use mirrord_tests::within;
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;

const CONFIG: &str = r#"{
  "target": "deployment/checkout",
  "feature": {
    "fs": {"not_found": "^/app/secret", "read_only": ["^/etc/app/", "\\.ya?ml$"]},
    "network": {"outgoing": {"filter": {"remote": ["db", ":5432"]}}}
  }
}"#;

async fn mirrord(home: &Home, arguments: &[&str]) -> Output {
    let run = home.mirrord(arguments).current_dir(home.path()).output();
    within("mirrord", run).await.unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_is_explained_with_its_rule_and_its_line() {
    let home = Home::new();
    fs::write(home.path().join("mirrord.json"), CONFIG).unwrap();
    let explain = async |words: &[&str]| {
        let arguments = [&["config", "explain", "-f", "mirrord.json"], words].concat();
        let output = mirrord(&home, &arguments).await;
        (output.status.code(), stdout(&output).to_owned())
    };
    let (code, text) = explain(&["file_read", "/srv/app.yaml"]).await;
    assert_eq!(code, Some(0));
    assert!(
        text.starts_with("remote, by feature.fs.read_only[1] (mirrord.json:4:"),
        "{text}"
    );
    assert!(
        text.contains("not feature.fs.not_found: its pattern is not found in /srv/app.yaml"),
        "{text}"
    );
    let (_, text) = explain(&["--json", "connect_tcp", "10.0.0.5:80"]).await;
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&answer["routing"], &answer["on"][0]),
        (&"depends".into(), &"remote_dns: db".into())
    );
    fs::write(
        home.path().join("facts.json"),
        r#"{"remote_dns": {"db": ["10.0.0.5"]}}"#,
    )
    .unwrap();
    let (_, text) = explain(&["--assume", "facts.json", "connect_tcp", "10.0.0.5:80"]).await;
    assert!(
        text.starts_with("remote, by feature.network.outgoing.filter.remote[0]"),
        "{text}"
    );
    assert_eq!(explain(&["file_raed", "/a"]).await.0, Some(2));
    let shown = mirrord(&home, &["config", "show", "-f", "mirrord.json"]).await;
    for part in [
        "feature.fs.read_only = [\"^/etc/app/\"",
        "key = null  (default)",
        "/tmp/.aws$1\"  (because of feature.magic.aws)",
    ] {
        assert!(stdout(&shown).contains(part), "{}", stdout(&shown));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_problems_of_a_file_are_named_at_once() {
    let home = Home::new();
    let bad = "{\n \"targets\": 1,\n \"feature\": {\"fs\": {\"local\": \"(\"}, \"env\": 7}\n}";
    fs::write(home.path().join("bad.json"), bad).unwrap();
    let output = mirrord(&home, &["verify-config", "bad.json"]).await;
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    for part in [
        "bad.json:2:2: unknown key `targets`: did you mean `target`?",
        "bad.json:3:30: feature.fs.local[0]",
        "feature.env: expected",
    ] {
        assert!(text.contains(part), "{text}");
    }
    let output = mirrord(&home, &["verify-config", "--json", "bad.json"]).await;
    let answer: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!(
        (&answer["type"], answer["errors"].as_array().unwrap().len()),
        (&"Fail".into(), 3)
    );
    fs::write(
        home.path().join("good.toml"),
        "target = \"pod/{{ get_env(name='POD', default='a') }}\"\n",
    )
    .unwrap();
    let output = mirrord(&home, &["verify-config", "good.toml"]).await;
    assert_eq!(
        (output.status.code(), stdout(&output)),
        (Some(0), "good.toml is valid; target: pod/a\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_answers_line_by_line_and_its_code_tells_of_bad_ones() {
    let home = Home::new();
    let mut child = home
        .mirrord(["config", "explain", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = concat!(
        r#"{"config":{"target":"pod/a"},"op":{"kind":"file_read","path":"/a"}}"#,
        "\nnonsense\n",
        r#"{"config":{"x":1},"op":{"kind":"verify"}}"#,
        "\n"
    );
    child.stdin.take().unwrap().write_all(lines.as_bytes()).await.unwrap();
    let output = within("the batch", child.wait_with_output()).await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let answers: Vec<Value> = stdout(&output)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers[0]["routing"], "remote");
    assert!(answers[1]["error"].is_string());
    assert_eq!(
        (&answers[2]["routing"], &answers[2]["valid"]),
        (&"invalid".into(), &false.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_is_not_started_with_a_config_that_cannot_be_used() {
    let home = Home::new();
    let write = |name: &str, bytes: &[u8]| fs::write(home.path().join(name), bytes).unwrap();
    write("large.json", &vec![b' '; 10_000_000]);
    write("deep.json", "[".repeat(10_000).as_bytes());
    write(
        "pattern.json",
        br#"{"feature":{"fs":{"local":"((a{1000}){1000}){1000}"}}}"#,
    );
    write("cycle.json", b"{% include \"main\" %}");
    write("latin.json", b"{\"key\": \"\xe9\"}");
    fs::create_dir(home.path().join("directory.json")).unwrap();
    let made = within(
        "mkfifo",
        home.command("mkfifo").arg(home.path().join("fifo.json")).status(),
    );
    assert!(made.await.unwrap().success());
    for (name, reason) in [
        ("large.json", "larger than"),
        ("deep.json", "nest"),
        ("pattern.json", "too large"),
        ("cycle.json", "template"),
        ("latin.json", "not UTF-8"),
        ("directory.json", "a directory"),
        ("fifo.json", "a FIFO"),
    ] {
        let output = mirrord(&home, &["exec", "-f", name, "--", "touch", "started"]).await;
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(125), "{name}: {error}");
        assert!(error.contains(name) && error.contains(reason), "{error}");
        assert!(!home.path().join("started").exists(), "{name}");
    }
}
