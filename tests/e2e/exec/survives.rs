//! A program survives the end of its `mirrord exec`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;

use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::{eventually, ui, within};
use rustix::process::Signal;
use tokio::io::AsyncReadExt;

/// Every process that was started in this home and still runs, zombies aside: pid and command line.
fn processes(home: &Path) -> BTreeMap<u32, String> {
    let mark = format!("HOME={}\0", home.display());
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            let environment = std::fs::read(entry.path().join("environ")).ok()?;
            let ours = environment.windows(mark.len()).any(|window| window == mark.as_bytes());
            let cmdline = std::fs::read(entry.path().join("cmdline")).ok()?;
            ours.then(|| (pid, String::from_utf8_lossy(&cmdline).replace('\0', " ")))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_behind() {
    let home = Home::new();
    let mut shell = Program::shell(&home, "clean").await;
    shell.run("cat /etc/hostname").await;
    assert!(processes(home.path()).len() >= 2, "mirrord exec and its shell at least");
    assert_eq!(shell.finish().await.status.code(), Some(0));
    eventually("every process ends", async || {
        processes(home.path()).is_empty().then_some(())
    })
    .await;
    assert!(home.sessions_left().is_empty(), "{:?}", home.sessions_left());
}

/// A program that makes thousands of watched calls and says what they amounted to.
const BUSY: &str = r#"
import os, sys, time
print("ready", flush=True)
found = 0
for round in range(20000):
    try: os.stat("/nonexistent/%d" % round)
    except FileNotFoundError: found += 1
pid = os.posix_spawn("/bin/true", ["true"], {})
print("sum", found, os.waitpid(pid, 0)[1], flush=True)
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_program_goes_on_unharmed_when_mirrord_exec_is_killed() {
    let home = Home::new();
    for round in 0..10 {
        let mut program = Program::start(&home, &format!("killed-{round}"), &["python3", "-c", BUSY]).await;
        assert_eq!(program.line().await, "ready");
        ui::signal(&program.child, Signal::KILL);
        assert_eq!(program.line().await, "sum 20000 0", "round {round}");
    }
    eventually("every process ends", async || {
        processes(home.path()).is_empty().then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_background_child_goes_on_when_its_program_ends() {
    let home = Home::new();
    let script = r#"(read line; cat /etc/hostname >/dev/null && echo "went on") <&3 & exit 4"#;
    let mut command = home.command("sh");
    let mirrord = mirrord_tests::home::binary();
    command
        .args(["-c", r#"exec 3<&0; exec "$0" exec -- sh -c "$1""#])
        .arg(&mirrord)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let stdin = child.stdin.take().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    assert_eq!(within("the program's end", child.wait()).await.unwrap().code(), Some(4));
    assert!(
        home.sessions_left().is_empty(),
        "the session ends with its program: {:?}",
        home.sessions_left()
    );
    drop(stdin);
    let mut output = String::new();
    within("the child's output", stdout.read_to_string(&mut output))
        .await
        .unwrap();
    assert_eq!(output, "went on\n");
    eventually("every process ends", async || {
        processes(home.path()).is_empty().then_some(())
    })
    .await;
}
