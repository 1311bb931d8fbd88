//! One `mirrord ui` a sessions directory: a second one finds the first, and `url`, `status` and `stop` speak of it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Output, Stdio};

use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::ui::{self, Ui};
use mirrord_tests::{eventually, within};
use mirrord_wire::SessionSummary;
use rustix::process::Signal;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};

/// `mirrord ui` with these arguments, to its end.
async fn run(home: &Home, arguments: &[&str]) -> Output {
    let output = home.mirrord(["ui"]).args(arguments).output();
    within("mirrord ui", output).await.unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// It failed, with nothing but an error that says this.
fn fails(output: &Output, words: &[&str]) {
    assert_eq!((output.status.code(), stdout(output)), (Some(1), ""), "{output:?}");
    for word in words {
        assert!(stderr(output).contains(word), "{word}: {output:?}");
    }
}

/// Nothing runs, and each of the three says so.
async fn none_runs(home: &Home) {
    for command in ["url", "status", "stop"] {
        let output = run(home, &[command]).await;
        fails(&output, &["not running"]);
        assert_eq!(stderr(&output).lines().count(), 1, "{output:?}");
    }
    let output = run(home, &["status", "--json"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        serde_json::from_slice::<Value>(&output.stdout).unwrap(),
        json!({"running": false})
    );
}

fn url(ui: &Ui) -> String {
    format!("http://127.0.0.1:{}/?token={}", ui.address.port(), ui.token)
}

fn record(home: &Home) -> Value {
    serde_json::from_slice(&fs::read(home.ui_lock()).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_one_shows_the_first() {
    let home = Home::new();
    let first = Ui::start(&home).await;
    let line = format!("Session Monitor: {}\n", url(&first));
    let port = first.address.port().to_string();
    for (arguments, says) in [
        (&["--no-open"][..], false),
        // Without a display there is no browser to open.
        (&[], false),
        (&["--port", "0"], false),
        (&["--port", &port], false),
        (&["--port", "1"], true),
        (&["--show-env-values"], true),
    ] {
        let second = run(&home, arguments).await;
        assert_eq!(
            (second.status.code(), stdout(&second)),
            (Some(0), line.as_str()),
            "{arguments:?}"
        );
        assert!(
            stderr(&second).contains(&format!("already on port {port}")),
            "{second:?}"
        );
        assert_eq!(stderr(&second).contains("mirrord ui stop"), says, "{second:?}");
    }
    assert_eq!(first.json::<Vec<SessionSummary>>("/api/sessions").await, vec![]);
    assert!(first.interrupt().await.success());
    none_runs(&home).await;
    let next = Ui::start(&home).await;
    assert!(next.interrupt().await.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_that_start_at_once_one_runs_and_all_name_it() {
    let home = Home::new();
    let mut running: Vec<_> = (0..8)
        .map(|_| {
            let mut command = home.mirrord(["ui", "--no-open", "--port", "0"]);
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
        })
        .collect();
    let mut lines = Vec::new();
    for child in &mut running {
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        lines.push(within("its address", output.next_line()).await.unwrap());
    }
    assert!(
        lines[0]
            .as_ref()
            .is_some_and(|line| line.starts_with("Session Monitor: "))
    );
    assert!(lines.iter().all(|line| *line == lines[0]), "{lines:?}");
    let stopped = run(&home, &["stop"]).await;
    assert!(stopped.status.success(), "{stopped:?}");
    for mut child in running {
        assert!(within("its end", child.wait()).await.unwrap().success());
    }
    none_runs(&home).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn url_status_and_stop_speak_of_the_one_that_runs() {
    let home = Home::new();
    none_runs(&home).await;
    assert!(!home.sessions_dir().exists(), "asking makes nothing");
    let mut ui = Ui::start(&home).await;
    let pid = ui.child.id().unwrap();

    let output = run(&home, &["url"]).await;
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stdout(&output), format!("{}\n", url(&ui)), "the address alone");

    let output = run(&home, &["status"]).await;
    assert_eq!(output.status.code(), Some(0));
    for word in [pid.to_string(), ui.address.port().to_string()] {
        assert!(stdout(&output).contains(&word), "{output:?}");
    }
    let output = run(&home, &["status", "--json"]).await;
    let status: Value = serde_json::from_slice(&output.stdout).unwrap();
    let started_at = record(&home)["started_at"].clone();
    assert!(started_at.is_string());
    assert_eq!(
        status,
        json!({"running": true, "pid": pid, "port": ui.address.port(), "started_at": started_at})
    );

    let output = run(&home, &["stop"]).await;
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(stdout(&output).contains(&pid.to_string()), "{output:?}");
    assert!(within("its end", ui.child.wait()).await.unwrap().success(), "in order");
    assert_eq!(fs::read(home.ui_lock()).unwrap(), b"", "nothing is left in the file");
    none_runs(&home).await;
}

/// An empty file that is locked is what a full disk leaves.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_had_no_room_for_its_address_is_named_and_stopped() {
    let home = Home::new();
    let mut ui = Ui::start(&home).await;
    let pid = ui.child.id().unwrap().to_string();
    let file = fs::File::options().write(true).open(home.ui_lock()).unwrap();
    assert!(file.metadata().unwrap().len() > 0);
    file.set_len(0).unwrap();
    for arguments in [&["url"][..], &["status"], &["--no-open", "--port", "0"]] {
        let output = run(&home, arguments).await;
        fails(&output, &[&pid, home.ui_lock().to_str().unwrap(), "full disk"]);
    }
    let output = run(&home, &["stop"]).await;
    assert_eq!(stdout(&output), format!("stopped process {pid}\n"), "{output:?}");
    assert!(within("its end", ui.child.wait()).await.unwrap().success(), "in order");
    none_runs(&home).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_sessions_directory_has_its_own() {
    let (home, other) = (Home::new(), Home::new());
    let one = Ui::start(&home).await;
    let directory = other.sessions_dir();
    let directory = directory.to_str().unwrap();
    let two = Ui::start_with(&home, &["--port", "0", "--sessions-dir", directory]).await;
    assert_ne!(one.token, two.token);
    let output = run(&home, &["url", "--sessions-dir", directory]).await;
    assert_eq!(stdout(&output).trim_end(), url(&two));
    let mut stop = home.mirrord(["ui", "stop"]);
    stop.env("MIRRORD_SESSIONS_DIR", directory);
    assert!(within("mirrord ui stop", stop.output()).await.unwrap().status.success());
    none_runs(&other).await;
    let output = run(&home, &["url"]).await;
    assert_eq!(stdout(&output).trim_end(), url(&one), "the other one goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_one_leaves_no_lock() {
    let home = Home::new();
    let mut killed = Ui::start(&home).await;
    ui::signal(&killed.child, Signal::KILL);
    // It is not waited for yet: dead, it has its number still.
    eventually("its end is seen", async || {
        (run(&home, &["status"]).await.status.code() == Some(1)).then_some(())
    })
    .await;
    none_runs(&home).await;
    assert_eq!(record(&home)["token"], killed.token, "it could not empty its file");
    within("its end", killed.child.wait()).await.unwrap();
    let next = Ui::start(&home).await;
    assert_ne!(next.token, killed.token);
    let output = run(&home, &["url"]).await;
    assert_eq!(stdout(&output).trim_end(), url(&next));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_that_the_file_names_is_left_alone() {
    let (home, ui) = Ui::with_home().await;
    let mut forged = record(&home);
    assert!(ui.interrupt().await.success());
    let mut stranger = home.command("sleep").arg("600").spawn().unwrap();
    let (pid, start_time) = identity(stranger.id().unwrap());

    // With no lock held, what the file says is what a killed one left.
    (forged["pid"], forged["start_time"]) = (json!(pid), json!(start_time));
    fs::write(home.ui_lock(), forged.to_string()).unwrap();
    none_runs(&home).await;

    // With the lock held by somebody, a process that has taken the number over is told apart by its start.
    let lock = fs::File::open(home.ui_lock()).unwrap();
    lock.lock().unwrap();
    assert!(run(&home, &["url"]).await.status.success(), "this is the start");
    // With the right start, it is told apart by the lock that it does not hold.
    let output = run(&home, &["stop"]).await;
    fails(
        &output,
        &[&pid.to_string(), home.ui_lock().to_str().unwrap(), "not signalled"],
    );
    assert!(stranger.try_wait().unwrap().is_none(), "it was ended");
    forged["start_time"] = json!(start_time - 1);
    fs::write(home.ui_lock(), forged.to_string()).unwrap();
    let outputs = tokio::join!(
        run(&home, &["stop"]),
        run(&home, &["url"]),
        run(&home, &["--no-open", "--port", "0"])
    );
    for output in [outputs.0, outputs.1, outputs.2] {
        fails(&output, &[home.ui_lock().to_str().unwrap()]);
    }
    drop(lock);
    assert!(stranger.try_wait().unwrap().is_none(), "it was ended");
    let ui = Ui::start(&home).await;
    assert!(ui.interrupt().await.success());
}

/// The number of a process and its start, in the kernel's ticks.
fn identity(pid: u32) -> (u32, u64) {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let after_name = stat.rsplit(')').next().unwrap();
    (pid, after_name.split(' ').nth(20).unwrap().parse().unwrap())
}

/// A lock is held by every process that has the descriptor: another program can have inherited it.
#[tokio::test(flavor = "multi_thread")]
async fn another_program_that_holds_the_lock_is_left_alone() {
    let (home, ui) = Ui::with_home().await;
    let mut forged = record(&home);
    assert!(ui.interrupt().await.success());
    let lock = fs::File::open(home.ui_lock()).unwrap();
    lock.lock().unwrap();
    let mut stranger = home.command("sleep");
    let mut stranger = stranger.arg("600").stdin(Stdio::from(lock)).spawn().unwrap();
    let pid = stranger.id().unwrap();
    eventually("it is another program", async || {
        let program = fs::read_link(format!("/proc/{pid}/exe")).ok()?;
        (program.file_name() == fs::canonicalize("/bin/sleep").unwrap().file_name()).then_some(())
    })
    .await;
    let (pid, start_time) = identity(pid);
    (forged["pid"], forged["start_time"]) = (json!(pid), json!(start_time));
    fs::write(home.ui_lock(), forged.to_string()).unwrap();
    let output = run(&home, &["stop"]).await;
    fails(&output, &["not signalled"]);
    assert!(stranger.try_wait().unwrap().is_none(), "it was ended");
    stranger.kill().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_does_not_end_is_named_and_keeps_its_lock() {
    let home = Home::new();
    let mut ui = Ui::start(&home).await;
    ui::signal(&ui.child, Signal::STOP);
    let output = run(&home, &["stop"]).await;
    assert_eq!(output.status.code(), Some(1));
    let pid = ui.child.id().unwrap().to_string();
    assert!(
        stderr(&output).contains(&pid) && stderr(&output).contains("runs still"),
        "{output:?}"
    );
    ui::signal(&ui.child, Signal::CONT);
    assert!(within("its end", ui.child.wait()).await.unwrap().success());
    none_runs(&home).await;
}

/// The files below a folder in which a text is.
fn files_with(folder: &Path, text: &str) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            found.extend(files_with(&entry.path(), text));
        } else if kind.is_file() && String::from_utf8_lossy(&fs::read(entry.path()).unwrap()).contains(text) {
            found.push(entry.path());
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_is_in_one_private_file_and_in_no_log() {
    let home = Home::new();
    let log = home.path().join("log");
    let mut command = home.mirrord(["ui", "--no-open", "--port", "0"]);
    command.env("RUST_LOG", "trace").stderr(fs::File::create(&log).unwrap());
    let ui = Ui::spawn(command).await;
    let found = fs::metadata(home.ui_lock()).unwrap();
    assert_eq!(
        (
            found.mode() & 0o7777,
            fs::metadata(home.sessions_dir()).unwrap().mode() & 0o7777
        ),
        (0o600, 0o700)
    );
    assert_eq!(files_with(home.path(), &ui.token), [home.ui_lock()]);

    // The page is opened, and the API used.
    let open = hyper::Request::get(format!("/?token={}", ui.token)).header("host", ui.address.to_string());
    ui.send(open.body(http_body_util::Full::default()).unwrap()).await;
    ui.json::<Vec<SessionSummary>>("/api/sessions").await;
    for arguments in [&["status"][..], &["status", "--json"], &["stop"]] {
        let mut command = home.mirrord(["ui"]);
        let output = command.args(arguments).env("RUST_LOG", "trace").output();
        let output = within("mirrord ui", output).await.unwrap();
        assert!(output.status.success(), "{output:?}");
        assert!(!format!("{}{}", stdout(&output), stderr(&output)).contains(&ui.token));
    }
    assert!(fs::metadata(&log).unwrap().len() > 0, "nothing was logged at all");
    assert_eq!(
        files_with(home.path(), &ui.token),
        [""; 0].map(std::path::PathBuf::from)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_the_locks_name_and_is_not_ours_is_refused_and_left_alone() {
    let home = Home::new();
    let lock = home.ui_lock();
    fs::create_dir_all(home.sessions_dir()).unwrap();
    let precious = home.path().join("precious");
    let link = || symlink(&precious, &lock).unwrap();
    let second_name = || fs::hard_link(&precious, &lock).unwrap();
    let pipe = || {
        assert!(
            std::process::Command::new("mkfifo")
                .arg(&lock)
                .status()
                .unwrap()
                .success()
        )
    };
    let folder = || fs::create_dir(&lock).unwrap();
    for (make, word) in [
        (&link as &dyn Fn(), "symbolic link"),
        (&second_name, "second name"),
        (&pipe, "not a file"),
        (&folder, ".ui.lock"),
    ] {
        fs::write(&precious, "a user's").unwrap();
        make();
        for arguments in [&["--no-open", "--port", "0"][..], &["url"], &["stop"]] {
            let output = run(&home, arguments).await;
            fails(&output, &[word, lock.to_str().unwrap()]);
        }
        assert_eq!(fs::read_to_string(&precious).unwrap(), "a user's");
        let _ = fs::remove_file(&lock).or_else(|_| fs::remove_dir(&lock));
    }
    // One of ours that was opened to others is closed again.
    fs::write(&lock, "").unwrap();
    fs::set_permissions(&lock, fs::Permissions::from_mode(0o666)).unwrap();
    let _ui = Ui::start(&home).await;
    assert_eq!(fs::metadata(&lock).unwrap().mode() & 0o7777, 0o600);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lock_does_not_keep_a_session_from_closing_the_directory() {
    let home = Home::new();
    let _ui = Ui::start(&home).await;
    fs::set_permissions(home.sessions_dir(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = Program::shell(&home, "one").await;
    assert!(program.finish().await.status.success());
    assert_eq!(fs::metadata(home.sessions_dir()).unwrap().mode() & 0o7777, 0o700);
}
