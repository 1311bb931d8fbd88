//! Records of sessions: `mirrord exec --record` and `mirrord record`, and what a program's end, a full disk or a kill leaves.

use std::path::Path;
use std::process::Output;

use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_tests::program::Program;
use mirrord_tests::released::ReleasedHost;
use mirrord_tests::{eventually, within};
use mirrord_wire::{MonitorEvent, SessionInfo};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

/// Lines of a record, decompressed where it is compressed.
fn lines(path: &Path) -> Vec<Value> {
    let bytes = std::fs::read(path).unwrap();
    let is_compressed = path.extension().is_some_and(|extension| extension == "zst");
    let text = if is_compressed {
        zstd::decode_all(&bytes[..]).unwrap()
    } else {
        bytes
    };
    let text = String::from_utf8(text).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn run(home: &Home, arguments: &[&str]) -> Output {
    within("a command", home.mirrord(arguments).output()).await.unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn interrupt(child: &tokio::process::Child) {
    let pid = Pid::from_raw(child.id().unwrap().try_into().unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
}

/// Starts `mirrord record`, and returns it once the file has its header.
async fn recording(home: &Home, session: &str, file: &Path, flags: &[&str]) -> tokio::process::Child {
    let given = [&["record", session, "-o", file.to_str().unwrap()], flags].concat();
    let child = home
        .mirrord(given)
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    eventually("the record has its header", async || {
        let length = std::fs::metadata(file).map_or(0, |metadata| metadata.len());
        (length > 0).then_some(())
    })
    .await;
    child
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_is_recorded_from_its_first_event_to_its_exit() {
    let home = Home::new();
    for name in ["run.ndjson", "run.ndjson.zst"] {
        let file = home.path().join(name);
        let script = "cat /etc/hostname >/dev/null; echo out; exit 3";
        let output = run(
            &home,
            &[
                "exec",
                "--name",
                "short",
                "--record",
                file.to_str().unwrap(),
                "--",
                "sh",
                "-c",
                script,
            ],
        )
        .await;
        assert_eq!(
            (output.status.code(), &output.stdout[..]),
            (Some(3), &b"out\n"[..]),
            "{output:?}"
        );
        assert_eq!(stderr(&output), "");
        let lines = lines(&file);
        let (head, end) = (&lines[0], lines.last().unwrap());
        assert_eq!(
            (&head["type"], &head["format"], &head["session"]["name"]),
            (&json!("Record"), &json!(1), &json!("short"))
        );
        assert_eq!(
            (&head["session"]["protocol_version"], &head["values"]),
            (&json!(1), &json!(false))
        );
        assert_eq!(
            (&end["type"], &end["reason"], &end["exit"]),
            (&json!("RecordEnd"), &json!("ended"), &json!({"exit_code": 3}))
        );
        let events = &lines[1..lines.len() - 1];
        assert_eq!(end["events"], events.len());
        let numbers: Vec<_> = events.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
        assert_eq!(numbers, (1..=events.len() as u64).collect::<Vec<_>>());
        assert!(events.iter().any(|event| event["path"] == "/etc/hostname"));
        let variables: Vec<_> = events.iter().filter(|event| event["type"] == "EnvVar").collect();
        assert!(!variables.is_empty());
        for pair in variables.iter().flat_map(|event| event["vars"].as_array().unwrap()) {
            assert_eq!(pair[1], Value::Null, "{pair}");
        }
    }
    let whole = home.path().join("whole.ndjson");
    let command = ["exec", "--record", whole.to_str().unwrap(), "--with-values", "true"];
    let output = home.mirrord(command).env("OWN_VARIABLE", "s3cret").output();
    assert!(within("a program", output).await.unwrap().status.success());
    assert!(std::fs::read_to_string(whole).unwrap().contains("s3cret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_ends_the_recording_and_never_the_program() {
    let home = Home::new();
    let output = run(
        &home,
        &[
            "exec",
            "--record",
            "/dev/full",
            "--",
            "sh",
            "-c",
            "cat /etc/hostname; exit 5",
        ],
    )
    .await;
    // The header is the first that does not fit: nothing has started yet.
    assert_eq!(output.status.code(), Some(125), "{output:?}");
    assert!(
        stderr(&output).contains("/dev/full cannot be written to: No space left on device"),
        "{output:?}"
    );
    // Room for the header alone.
    let file = home.path().join("limited.ndjson");
    let opens = "i=0; while [ $i -lt 3000 ]; do : < /etc/hostname; i=$((i+1)); done; echo all; exit 5";
    let limited = format!(
        "ulimit -f 8; exec '{}' exec --record '{}' -- sh -c '{opens}'",
        mirrord_tests::home::binary().display(),
        file.display()
    );
    let output = within("a program", home.command("bash").args(["-c", &limited]).output())
        .await
        .unwrap();
    assert_eq!(
        (output.status.code(), &output.stdout[..]),
        (Some(5), &b"all\n"[..]),
        "{output:?}"
    );
    let said = stderr(&output);
    assert!(
        said.contains("the recording has ended, and the program goes on") && said.contains("File too large"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_cannot_be_made_is_an_error_before_the_program_starts() {
    let home = Home::new();
    let pipe = home.path().join("pipe");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
    for (file, reason) in [
        (pipe.to_str().unwrap(), "is a pipe and no file"),
        (home.path().to_str().unwrap(), "is a directory and no file"),
        ("/nowhere/run.ndjson", "cannot be opened"),
    ] {
        let output = run(&home, &["exec", "--record", file, "--", "echo", "started"]).await;
        assert_eq!(
            (output.status.code(), output.stdout.len()),
            (Some(125), 0),
            "{output:?}"
        );
        let said = stderr(&output);
        assert!(
            said.contains(reason) && said.matches("No such file").count() <= 1,
            "{said}"
        );
    }
    let output = run(&home, &["exec", "--redact", "--", "true"]).await;
    assert_eq!(output.status.code(), Some(125), "{output:?}");
    assert!(home.sessions_left().is_empty(), "{:?}", home.sessions_left());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_replaced_once_a_program_runs_and_never_while_it_is_written() {
    let home = Home::new();
    let directory = home.path().join("records");
    std::fs::create_dir(&directory).unwrap();
    let file = directory.join("run.ndjson");
    let path = file.to_str().unwrap();
    std::fs::write(&file, "old").unwrap();
    let output = run(&home, &["exec", "--record", path, "--", "/nowhere/program"]).await;
    assert_eq!(output.status.code(), Some(127), "{output:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "old");
    assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 1);

    let mut first = Program::start_with(&home, "first", &["--record", path], &["sh"]).await;
    eventually("the record has its name", async || {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        text.starts_with('{').then_some(())
    })
    .await;
    for command in [
        &["exec", "--record", path, "--", "echo", "started"][..],
        &["record", "first", "-o", path],
    ] {
        let output = run(&home, command).await;
        let code = if command[0] == "exec" { 125 } else { 1 };
        assert_eq!(
            (output.status.code(), output.stdout.len()),
            (Some(code), 0),
            "{output:?}"
        );
        let said = stderr(&output);
        assert!(
            said.contains("run.ndjson is being recorded by another program: choose another name"),
            "{said}"
        );
    }
    first.run("cat /etc/hostname").await;
    first.finish().await;
    let all = lines(&file);
    assert!(all.iter().any(|line| line["path"] == "/etc/hostname"));
    assert_eq!(
        (&all[0]["session"]["session_id"], &all.last().unwrap()["type"]),
        (&json!("first"), &json!("RecordEnd"))
    );
    assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_loses_no_more_than_the_last_second() {
    let home = Home::new();
    for name in ["killed.ndjson", "killed.ndjson.zst"] {
        let file = home.path().join(name);
        let flags = ["--record", file.to_str().unwrap()];
        let mut program = Program::start_with(&home, "killed", &flags, &["sh"]).await;
        program.run("cat /etc/hostname").await;
        eventually("the event is in the file", async || {
            let bytes = std::fs::read(&file).unwrap();
            let mut text = Vec::new();
            if name.ends_with(".zst") {
                let _ = std::io::copy(&mut zstd::Decoder::new(&bytes[..]).unwrap(), &mut text);
            } else {
                text = bytes;
            }
            String::from_utf8_lossy(&text).contains("/etc/hostname").then_some(())
        })
        .await;
        program.child.kill().await.unwrap();
        let kept = if name.ends_with(".zst") {
            zstd::decode_all(&std::fs::read(&file).unwrap()[..]).unwrap()
        } else {
            std::fs::read(&file).unwrap()
        };
        let kept = String::from_utf8(kept).unwrap();
        assert!(kept.contains("/etc/hostname") && !kept.contains("RecordEnd"), "{kept}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_runs_is_recorded_until_ctrl_c_or_its_end() {
    let home = Home::new();
    let mut program = Program::start(&home, "runs", &["sh"]).await;
    program.run("cat /etc/hostname").await;
    let file = home.path().join("stopped.ndjson.zst");
    let record = recording(&home, "runs", &file, &[]).await;
    program.run("cat /etc/hosts").await;
    interrupt(&record);
    let output = within("the record", record.wait_with_output()).await.unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(stderr(&output).contains("the recording was ended"), "{output:?}");
    let all = lines(&file);
    assert!(
        all.iter().any(|line| line["path"] == "/etc/hostname"),
        "what was before"
    );
    assert_eq!(all.last().unwrap()["reason"], "stopped");

    let file = home.path().join("ended.ndjson");
    let record = recording(&home, "runs", &file, &[]).await;
    program.run("cat /etc/passwd").await;
    program.finish().await;
    let output = within("the record", record.wait_with_output()).await.unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let all = lines(&file);
    assert!(all.iter().any(|line| line["path"] == "/etc/passwd"));
    let end = all.last().unwrap();
    assert_eq!(
        (&end["reason"], &end["exit"]),
        (&json!("ended"), &json!({"exit_code": 0}))
    );
    assert_eq!(
        run(&home, &["record", "-o", file.to_str().unwrap()])
            .await
            .status
            .code(),
        Some(3)
    );
    assert_eq!(lines(&file), all, "an error leaves the file alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redacted_record_has_what_a_device_is_shown() {
    let home = Home::new();
    let host = Host::start(
        &home,
        "secret",
        SessionInfo {
            key: Some("k3y".to_owned()),
            ..SessionInfo::default()
        },
    );
    let vars = vec![("DB_PASSWORD".to_owned(), Some("s3cret".to_owned()))];
    host.tell(MonitorEvent::EnvVar { vars });
    host.tell(MonitorEvent::LayerConnected {
        pid: 7,
        parent_pid: None,
        process_name: Some("curl".to_owned()),
        cmdline: ["curl", "-u", "me:s3cret"].map(str::to_owned).into(),
        cwd: None,
    });
    let file = home.path().join("redacted.ndjson");
    let record = recording(&home, "secret", &file, &["--redact"]).await;
    eventually("both events are in the file", async || {
        let text = std::fs::read_to_string(&file).unwrap();
        text.contains("LayerConnected").then_some(())
    })
    .await;
    interrupt(&record);
    within("the record", record.wait_with_output()).await.unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!text.contains("s3cret") && !text.contains("k3y"), "{text}");
    assert!(text.contains("DB_PASSWORD") && text.contains("curl"), "{text}");
    assert_eq!(lines(&file)[0]["redacted"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_released_mirrords_session_is_recorded_in_our_dialect() {
    let home = Home::new();
    let description =
        json!({"session_id": "old", "mirrord_version": "3.250.0", "target": "pod/x", "config": {}, "processes": []});
    let host = ReleasedHost::start(&home, "old", &description);
    let file = home.path().join("old.ndjson");
    let record = recording(&home, "old", &file, &[]).await;
    host.has_readers(1).await;
    host.tell(&json!({"type": "dns_query", "host": "db"}));
    eventually("the event is in the file", async || {
        std::fs::read_to_string(&file)
            .unwrap()
            .contains("DnsQuery")
            .then_some(())
    })
    .await;
    interrupt(&record);
    within("the record", record.wait_with_output()).await.unwrap();
    let all = lines(&file);
    assert_eq!(
        (&all[0]["session"]["mirrord_version"], &all[1]["seq"]),
        (&json!("3.250.0"), &json!(1))
    );
    assert_eq!((&all[1]["host"], &all[2]["events"]), (&json!("db"), &json!(1)));
}
