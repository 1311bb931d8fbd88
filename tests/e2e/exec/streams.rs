//! Standard streams that are closed, full or broken: the program has them as they are, and ends as it would.

use std::fs::File;
use std::io::Write as _;
use std::os::fd::OwnedFd;
use std::process::{Output, Stdio};

use mirrord_tests::home::{Home, binary};
use mirrord_tests::within;

/// Runs a script with `$RUN` in front of its command: `mirrord exec`, or nothing.
async fn script(home: &Home, text: &str, watched: bool) -> Output {
    let run = format!("{} exec --", binary().display());
    let mut sh = home.command("sh");
    sh.args(["-c", text]).env("RUN", if watched { &run } else { "" });
    within(text, sh.output()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_closed_at_the_start_is_closed_for_the_program() {
    let home = Home::new();
    let out = home.path().join("open");
    let list = r#"for fd in 0 1 2; do [ -e /proc/self/fd/$fd ] && echo $fd >> "$OUT"; done"#;
    for closed in ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"] {
        let mut seen = Vec::new();
        for watched in [false, true] {
            std::fs::write(&out, "").unwrap();
            let text = format!("export OUT={}; $RUN sh -c '{list}' {closed}", out.display());
            let code = script(&home, &text, watched).await.status.code();
            seen.push((code, std::fs::read_to_string(&out).unwrap()));
        }
        assert_eq!(seen[0], seen[1], "{closed}");
        let echo = format!("$RUN sh -c 'echo hi' {closed}");
        let bare = script(&home, &echo, false).await.status.code();
        assert_eq!(script(&home, &echo, true).await.status.code(), bare, "{closed}");
    }
    let text = "$RUN sh -c 'echo hi' >&-";
    assert_eq!(
        script(&home, text, true).await.status.code(),
        Some(1),
        "nobody can be told hi"
    );
}

/// A pipe that has no more room, by its writing end; the other one keeps it open.
fn full_pipe(blocks: bool) -> (std::io::PipeReader, std::io::PipeWriter) {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    let (reader, mut writer) = std::io::pipe().unwrap();
    let flags = fcntl_getfl(&writer).unwrap();
    fcntl_setfl(&writer, flags | OFlags::NONBLOCK).unwrap();
    while writer.write(&[0; 4_096]).is_ok() {}
    while writer.write(&[0]).is_ok() {}
    if blocks {
        fcntl_setfl(&writer, flags).unwrap();
    }
    (reader, writer)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stderr_that_cannot_be_written_to_changes_nothing() {
    let home = Home::new();
    let (reader, broken) = std::io::pipe().unwrap();
    drop(reader);
    let (_held, full) = full_pipe(false);
    let (_held_too, stuck) = full_pipe(true);
    let disk = File::options().write(true).open("/dev/full").unwrap();
    let stderrs: [(&str, OwnedFd); 4] = [
        ("full disk", disk.into()),
        ("closed pipe", broken.into()),
        ("full pipe", full.into()),
        ("stuck pipe", stuck.into()),
    ];
    let clone = |stderr: &OwnedFd| Stdio::from(stderr.try_clone().unwrap());
    for (name, stderr) in &stderrs {
        // In detail, so that there is something to write before the program, beside it, and after it.
        let mut command = home.mirrord(["exec", "-vv", "--", "sh", "-c", "echo hi; exit 4"]);
        let child = command.stdout(Stdio::piped()).stderr(clone(stderr)).spawn().unwrap();
        let output = within(name, child.wait_with_output()).await.unwrap();
        assert_eq!(
            (output.status.code(), output.stdout.as_slice()),
            (Some(4), &b"hi\n"[..]),
            "{name}"
        );
        let mut missing = home.mirrord(["exec", "--", "no-such-command"]);
        let code = within(name, missing.stderr(clone(stderr)).status())
            .await
            .unwrap()
            .code();
        assert_eq!(code, Some(127), "{name}");
        let mut proxy = home.mirrord(["mirror", "--upstream", "localhost:1", "--listen", "203.0.113.1:1"]);
        let code = within(name, proxy.stderr(clone(stderr)).status()).await.unwrap().code();
        assert_eq!(code, Some(1), "{name}");
    }
    assert!(home.sessions_left().is_empty(), "{:?}", home.sessions_left());
}
