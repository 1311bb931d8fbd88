//! Transparency of `mirrord exec`: to a script, `mirrord exec -- CMD` is `CMD`.

use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;

use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::{ui, within};
use rustix::process::Signal;
use tokio::io::AsyncWriteExt;

#[tokio::test(flavor = "multi_thread")]
async fn the_exit_code_is_the_programs() {
    let home = Home::new();
    for code in [0, 1, 42, 255] {
        let status = home
            .mirrord(["exec", "--", "sh", "-c", &format!("exit {code}")])
            .stderr(Stdio::null())
            .status();
        assert_eq!(within("the program", status).await.unwrap().code(), Some(code));
    }
    assert!(home.sessions_left().is_empty(), "{:?}", home.sessions_left());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exit_signal_is_the_programs() {
    let home = Home::new();
    for signal in ["TERM", "KILL", "SEGV", "INT", "HUP", "PIPE"] {
        let script = format!("ulimit -c 0; kill -{signal} $$");
        let command = || ["sh".to_owned(), "-c".to_owned(), script.clone()];
        let [program, arguments @ ..] = command();
        let bare = within("the bare program", home.command(program).args(arguments).status())
            .await
            .unwrap();
        let watched = home
            .mirrord(["exec", "--"])
            .args(command())
            .stderr(Stdio::null())
            .status();
        let watched = within("the watched program", watched).await.unwrap();
        assert_eq!(
            (watched.code(), watched.signal()),
            (bare.code(), bare.signal()),
            "SIG{signal}"
        );
    }
    assert!(home.sessions_left().is_empty(), "{:?}", home.sessions_left());
}

#[tokio::test(flavor = "multi_thread")]
async fn input_output_arguments_environment_and_directory_are_the_programs() {
    let home = Home::new();
    let script = r#"printf '%s|' "$0" "$@" "$GREETING" "$PWD"; cat; echo complaint >&2; exit 7"#;
    let mut child = home
        .mirrord(["exec", "--", "sh", "-c", script, "a b", "--port", "", "-f"])
        .env("GREETING", "hello\nworld")
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let input: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    let mut stdin = child.stdin.take().unwrap();
    let write = async {
        stdin.write_all(&input).await.unwrap();
        drop(stdin);
    };
    let (output, ()) = within("the program", async { tokio::join!(child.wait_with_output(), write) }).await;
    let output = output.unwrap();
    let mut expected = b"a b|--port||-f|hello\nworld|/|".to_vec();
    expected.extend(&input);
    assert!(
        output.stdout == expected,
        "the output is not the input after the arguments"
    );
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(errors, "complaint\n", "what a script reads of stderr is the program's");
    assert_eq!(output.status.code(), Some(7));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_inherits_no_descriptor_of_ours() {
    let home = Home::new();
    let list = ["sh", "-c", "ls /proc/self/fd"];
    let bare = within("the bare program", home.command(list[0]).args(&list[1..]).output())
        .await
        .unwrap();
    let watched = within("the watched program", home.mirrord(["exec", "--"]).args(list).output())
        .await
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&watched.stdout),
        String::from_utf8_lossy(&bare.stdout)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_sent_to_mirrord_exec_reaches_the_program() {
    let home = Home::new();
    // Not those that whoever runs the tests may have us ignore, as `nohup` does: they stay ignored, as they should.
    for (name, signal) in [("TERM", Signal::TERM), ("USR1", Signal::USR1), ("USR2", Signal::USR2)] {
        let script =
            format!("trap 'echo caught; exit 9' {name}; echo ready; while :; do read line || sleep 0.01; done");
        let mut program = Program::start(&home, &format!("signal-{name}"), &["sh", "-c", &script]).await;
        assert_eq!(program.line().await, "ready");
        ui::signal(&program.child, signal);
        let finished = program.finish().await;
        assert_eq!(
            (finished.status.code(), finished.stdout.as_str()),
            (Some(9), "caught\n"),
            "SIG{name}"
        );
    }
    assert!(home.sessions_left().is_empty(), "{:?}", home.sessions_left());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_config_that_turns_the_api_off_publishes_nothing() {
    let home = Home::new();
    let config = home.path().join("mirrord.json");
    std::fs::write(&config, r#"{"api": false}"#).unwrap();
    let output = home
        .mirrord(["exec", "-f"])
        .arg(&config)
        .args(["--", "sh", "-c", "echo out; exit 3"])
        .output();
    let output = within("the program", output).await.unwrap();
    assert_eq!(
        (output.status.code(), output.stdout.as_slice()),
        (Some(3), b"out\n".as_slice())
    );
    assert!(!home.sessions_dir().exists());
}
