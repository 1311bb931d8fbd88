//! Suggestions of `mirrord exec -f --summary`: found in a real run, and right when they are followed.

use std::path::Path;

use mirrord_tests::home::Home;
use mirrord_tests::within;
use serde_json::{Value, json};

/// Its look-up goes to a name server as a resolver's does, whatever the machine's resolver is.
const PROGRAM: &str = r#"
import os, socket
def quietly(run, *arguments):
    try: return run(*arguments)
    except OSError: pass
for number in range(12):
    quietly(open, "/data/site-packages/%d.bin" % number)
for _ in range(4):
    quietly(open, "/etc/shop-of-a-test/flags.yaml")
quietly(open, os.path.expanduser("~/.aws/config"))
connection = socket.socket()
connection.setblocking(False)
quietly(connection.connect, ("192.0.2.1", 5432))
question = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x02db\x04test\x00\x00\x01\x00\x01"
quietly(socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto, question, ("127.0.0.1", 53))
"#;

const KINDS: [&str; 6] = [
    "excluded_variable",
    "uncovered_destination",
    "looks_remote",
    "looks_local",
    "aws_mapped",
    "unused_rule",
];

fn config() -> Value {
    json!({"target": "pod/shop", "feature": {
        "fs": {"mode": "read", "not_found": ["^/never/"]},
        "env": {"exclude": ["DB_*"]},
        "network": {"outgoing": {"filter": {"remote": ["10.1.2.3:5432"]}}}}})
}

/// Merges a patch as RFC 7396 has it.
fn merged(config: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *config = patch.clone();
        return;
    };
    if !config.is_object() {
        *config = json!({});
    }
    for (key, value) in patch {
        if value.is_null() {
            config.as_object_mut().unwrap().remove(key);
        } else {
            merged(&mut config[key], value);
        }
    }
}

async fn run(home: &Home, config: &Value, format: &str) -> String {
    let file = home.path().join("mirrord.json");
    std::fs::write(&file, config.to_string()).unwrap();
    let file = file.display().to_string();
    let mut command = home.mirrord(["exec", "-f", &file, format, "--", "python3", "-c", PROGRAM]);
    let output = within("its end", command.env("DB_HOST", "db.test").output())
        .await
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn kinds(summary: &Value) -> Vec<&str> {
    let items = summary["suggestions"]["items"].as_array().unwrap();
    items.iter().map(|own| own["kind"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_suggests_changes_and_once_they_are_made_suggests_them_no_more() {
    let home = Home::new();
    let mut config = config();
    let stderr = run(&home, &config, "--summary=json").await;
    let summary: Value = serde_json::from_str(stderr.trim()).unwrap();
    assert_eq!(kinds(&summary), KINDS, "{summary}");
    for own in summary["suggestions"]["items"].as_array().unwrap() {
        merged(&mut config, &own["change"]);
    }
    assert!(Path::new("/data/site-packages").symlink_metadata().is_err());
    let stderr = run(&home, &config, "--summary=json").await;
    let summary: Value = serde_json::from_str(stderr.trim()).unwrap();
    assert_eq!(kinds(&summary), [""; 0], "{summary}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_text_has_the_evidence_the_change_and_its_effect() {
    let home = Home::new();
    let text = run(&home, &config(), "--summary").await;
    let (_, text) = text.split_once("suggestions, from this run alone").unwrap();
    for part in [
        "Looked for on this machine 4 times and never found: /etc/shop-of-a-test/flags.yaml.",
        r#"change: {"feature":{"fs":{"read_only":["^/etc/shop-of-a-test/flags\\.yaml$"]}}}"#,
        "with it: 4 decided otherwise (",
        "with it: nothing is decided otherwise",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    // A value of a variable may be a secret.
    assert!(
        !text.contains("DB_HOST=") && text.contains("DB_HOST is excluded"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_in_the_readme_is_what_is_printed() {
    let home = Home::new();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let (_, sample) = readme
        .split_once("with suggestions that follow from the run; of its lines:\n\n")
        .unwrap();
    let sample: Vec<&str> = sample.lines().take_while(|line| line.starts_with("    ")).collect();
    assert_eq!(sample.len(), 4);
    let config = json!({"target": "pod/shop", "feature": {
        "fs": {"local": ["x\\.log$"]}, "network": {"outgoing": {"filter": {"remote": ["10.0.0.1:80"]}}}}});
    let file = home.path().join("mirrord.json");
    std::fs::write(&file, config.to_string()).unwrap();
    let program = "
import socket
def quietly(run, *arguments):
    try: return run(*arguments)
    except OSError: pass
quietly(open, '/var/x.log')
for _ in range(3): quietly(open, '/etc/shop/flags.yaml')
quietly(socket.create_connection, ('127.0.0.1', 9))
";
    let file = file.display().to_string();
    let mut command = home.mirrord(["exec", "-f", &file, "--summary", "--", "python3", "-c", program]);
    let output = within("its end", command.output()).await.unwrap();
    let printed = String::from_utf8(output.stderr).unwrap();
    for line in sample {
        // The document's own indentation is four.
        let line = line.strip_prefix("    ").unwrap();
        assert!(printed.lines().any(|own| own == line), "{line} in {printed}");
    }
}
