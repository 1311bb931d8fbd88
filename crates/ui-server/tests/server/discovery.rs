//! Sessions that appear and go, and files that are left alone.

use std::os::unix::fs::{FileTypeExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use mirrord_ui_server::{Error, LoopbackListeners, Options, Server};
use tokio::io::AsyncWriteExt as _;

use crate::support::host::{Host, Scripted, read_head};
use crate::support::{Home, eventually};

/// The promise is 200 ms; the rest is the test's own polling and a busy machine. A rescan alone would take 5 s.
const SOON: Duration = Duration::from_millis(1_000);

#[tokio::test(flavor = "multi_thread")]
async fn a_session_appears_and_goes_at_once() {
    let home = Home::new().await;
    let mut client = home.websocket("/ws").await;
    assert_eq!(client.message().await["data"].as_array().unwrap().len(), 0);
    let began = Instant::now();
    let host = Host::start(&home.sessions, "one");
    assert_eq!(client.message_of("session_added").await["data"]["session_id"], "one");
    assert!(began.elapsed() < SOON, "appeared after {:?}", began.elapsed());
    home.until("one", "live").await;
    let began = Instant::now();
    drop(host);
    assert_eq!(client.message_of("session_removed").await["session_id"], "one");
    assert!(began.elapsed() < SOON, "went after {:?}", began.elapsed());
    assert_eq!(home.get("/api/sessions").await.as_array().unwrap().len(), 0);
    assert!(home.session("one").await.unwrap()["ended_at"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_directory_may_come_later_go_and_come_again() {
    let home = Home::with(false).await;
    assert_eq!(home.get("/api/sessions").await.as_array().unwrap().len(), 0);
    for id in ["first", "second"] {
        std::fs::create_dir_all(&home.sessions).unwrap();
        let began = Instant::now();
        let host = Host::start(&home.sessions, id);
        home.until(id, "live").await;
        assert!(began.elapsed() < SOON, "{id} appeared after {:?}", began.elapsed());
        drop(host);
        home.until(id, "ended").await;
        std::fs::remove_dir_all(home.sessions.parent().unwrap()).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_whose_directory_was_moved_away_and_back_is_the_same_one() {
    let (home, host) = Home::with_session("one").await;
    host.emit();
    home.until_seq("one", 1).await;
    let aside = home.sessions.with_extension("aside");
    std::fs::rename(&home.sessions, &aside).unwrap();
    host.emit();
    home.until_seq("one", 2).await;
    std::fs::rename(&aside, &home.sessions).unwrap();
    host.emit();
    let session = home.until_seq("one", 3).await;
    assert_eq!(
        (&session["status"], &session["counts"]["FileOp"], &session["missed"]),
        (&"live".into(), &3.into(), &0.into())
    );
    assert_eq!(host.opened(), [0], "one stream all the while");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_without_a_file_lives_as_long_as_its_stream() {
    let home = Home::new().await;
    let mut client = home.websocket("/ws").await;
    let host = Host::start(&home.sessions, "one");
    host.emit();
    home.until_seq("one", 1).await;
    std::fs::remove_file(home.sessions.join("one.sock")).unwrap();
    // What is found after it has been found to be gone.
    let other = Host::start(&home.sessions, "other");
    home.until("other", "live").await;
    host.emit();
    let session = home.until_seq("one", 2).await;
    assert_eq!(session["status"], "live");
    drop(host);
    let session = home.until("one", "ended").await;
    assert_eq!((&session["end"], &session["missed"]), (&"closed".into(), &0.into()));
    assert_eq!(client.message_of("session_removed").await["session_id"], "one");
    drop(other);
}

/// Exchanges two names in one step (renameat2(2)).
#[cfg(target_os = "linux")]
fn exchange(one: &std::path::Path, other: &std::path::Path) {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).unwrap();
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_look_that_fails_says_nothing_about_any_session() {
    let home = Home::new().await;
    let outside = home.sessions.with_file_name("outside.sock");
    let _elsewhere = UnixListener::bind(&outside).unwrap();
    symlink(&outside, home.sessions.join("link.sock")).unwrap();
    let _hung = Scripted::start(&home.sessions, "hung", async |_stream| std::future::pending().await);
    let host = Host::start(&home.sessions, "one");
    for (id, status) in [("link", "unresponsive"), ("hung", "unresponsive"), ("one", "live")] {
        home.until(id, status).await;
    }
    let mut client = home.websocket("/ws").await;
    let before = home.get("/api/sessions").await;
    // Whoever the tests run as cannot read this directory: it is none. At once, since a missing one has no sessions.
    let aside = home.sessions.with_extension("aside");
    std::fs::write(&aside, "no directory").unwrap();
    exchange(&home.sessions, &aside);
    for _ in 0..3 {
        // A look follows each of these, and one that sees a session end would be told first.
        std::fs::write(home.sessions.with_file_name("hint"), "").unwrap();
        host.emit();
    }
    home.until_seq("one", 3).await;
    exchange(&home.sessions, &aside);
    let _late = Host::start(&home.sessions, "late");
    home.until("late", "live").await;
    let after = home.get("/api/sessions").await;
    assert_eq!(after.as_array().unwrap().len(), before.as_array().unwrap().len() + 1);
    loop {
        let message = client.message().await;
        assert_ne!(message["type"], "session_removed", "{message}");
        assert_ne!(message["type"], "session_dismissed", "{message}");
        if message["type"] == "session_added" {
            assert_eq!(message["data"]["session_id"], "late");
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_session_of_ours_is_left_alone() {
    let home = Home::new().await;
    let outside = home.sessions.with_file_name("outside.sock");
    let elsewhere = UnixListener::bind(&outside).unwrap();
    std::fs::write(home.sessions.join("file.sock"), "mine").unwrap();
    std::fs::create_dir(home.sessions.join("folder.sock")).unwrap();
    symlink(&outside, home.sessions.join("link.sock")).unwrap();
    drop(UnixListener::bind(home.sessions.join("not an id.sock")).unwrap());
    drop(UnixListener::bind(home.sessions.join("other.socket")).unwrap());
    let _host = Host::start(&home.sessions, "real");
    home.until("real", "live").await;
    drop(elsewhere);
    let link = home.until("link", "unresponsive").await;
    assert_eq!(link["reason"], "its socket is a symbolic link, which is not followed");
    let listed = home.get("/api/sessions?ended=true").await;
    assert_eq!(listed.as_array().unwrap().len(), 2, "{listed}");
    assert_eq!(std::fs::read(home.sessions.join("file.sock")).unwrap(), b"mine");
    for name in ["folder.sock", "link.sock", "not an id.sock", "other.socket"] {
        assert!(home.sessions.join(name).symlink_metadata().is_ok(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_socket_is_removed_and_a_young_one_has_time_to_listen() {
    let home = Home::new().await;
    let path = home.sessions.join("stale.sock");
    let began = Instant::now();
    drop(UnixListener::bind(&path).unwrap());
    assert!(path.symlink_metadata().unwrap().file_type().is_socket());
    eventually(async || path.symlink_metadata().is_err().then_some(())).await;
    assert!(
        began.elapsed() >= Duration::from_millis(1_900),
        "removed after {:?}",
        began.elapsed()
    );
    assert!(home.session("stale").await.is_none(), "it never was a session");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hung_session_is_shown_with_the_reason_and_holds_up_nobody() {
    let home = Home::new().await;
    let _hung: Vec<_> = (0..20)
        .map(|number| {
            Scripted::start(&home.sessions, &format!("hung-{number}"), async |_stream| {
                std::future::pending().await
            })
        })
        .collect();
    let began = Instant::now();
    let _host = Host::start(&home.sessions, "fine");
    home.until("fine", "live").await;
    assert!(began.elapsed() < SOON, "appeared after {:?}", began.elapsed());
    let hung = home.until("hung-19", "unresponsive").await;
    assert_eq!(hung["reason"], "no answer to /info within 2 s");
    assert!(
        home.sessions.join("hung-19.sock").exists(),
        "only a refused connection makes it stale"
    );
}

/// Every try has a connection of its own: what is given up must not stay open, or a hung session would take them all.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_never_answers_is_asked_again_and_left_again() {
    let home = Home::new().await;
    let (opened, closed) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (in_script, out_script) = (Arc::clone(&opened), Arc::clone(&closed));
    let _hung = Scripted::start(&home.sessions, "hung", move |mut stream| {
        let (opened, closed) = (Arc::clone(&in_script), Arc::clone(&out_script));
        async move {
            opened.fetch_add(1, Ordering::SeqCst);
            // A byte now and then is no answer either.
            while read_head(&mut stream).await.is_ok() {
                stream.write_all(b"H").await.ok();
            }
            closed.fetch_add(1, Ordering::SeqCst);
        }
    });
    let began = Instant::now();
    // Three connections a try, one for each question.
    eventually(async || (opened.load(Ordering::SeqCst) >= 9).then_some(())).await;
    assert!(
        began.elapsed() >= 2 * mirrord_session_client::limits::INFO_TIMEOUT,
        "each has its time"
    );
    eventually(async || {
        let (opened, closed) = (opened.load(Ordering::SeqCst), closed.load(Ordering::SeqCst));
        (opened - closed <= 3).then_some(())
    })
    .await;
    assert_eq!(
        home.session("hung").await.unwrap()["reason"],
        "no answer to /info within 2 s"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rubbish_is_shown_with_the_reason_and_never_repeated() {
    let home = Home::new().await;
    let say = |text: &'static [u8]| {
        move |mut stream: tokio::net::UnixStream| async move {
            read_head(&mut stream).await.ok();
            stream.write_all(text).await.ok();
        }
    };
    let _noise = Scripted::start(&home.sessions, "noise", say(b"\x1b[2JSECRET\r\n\r\n"));
    let _other = Scripted::start(
        &home.sessions,
        "other",
        say(b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"a\":\"SECRET\"}\n"),
    );
    let _error = Scripted::start(
        &home.sessions,
        "error",
        say(b"HTTP/1.1 418 SECRET\r\nContent-Length: 0\r\n\r\n"),
    );
    let _long = Scripted::start(&home.sessions, "long", |mut stream| async move {
        read_head(&mut stream).await.ok();
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok();
        while stream.write_all(&[b' '; 65_536]).await.is_ok() {}
    });
    for (id, reason) in [
        ("noise", "its answer to /info is not HTTP, or broke off"),
        ("other", "its answer to /info is not a session's"),
        ("error", "it answers /info with 418 I'm a teapot"),
        ("long", "its answer to /info is longer than 1048576 bytes"),
    ] {
        let session = home.until(id, "unresponsive").await;
        assert_eq!(session["reason"], reason);
        assert!(!session.to_string().contains("SECRET"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_taken_again_is_another_session() {
    let home = Home::new().await;
    let first = Host::start(&home.sessions, "same");
    first.emit();
    home.until_seq("same", 1).await;
    let mut client = home.websocket("/ws").await;
    client.message_of("sessions").await;
    drop(first);
    let second = Host::with(&home.sessions, "same", "202 Accepted", "2026-11-20T19:00:00Z");
    second.emit();
    second.emit();
    let session = home.until_seq("same", 2).await;
    assert_eq!(
        (&session["started_at"], &session["missed"]),
        (&"2026-11-20T19:00:00Z".into(), &0.into())
    );
    client.message_of("session_dismissed").await;
    let added = client.message_of("session_added").await;
    assert_eq!(added["data"]["started_at"], "2026-11-20T19:00:00Z");
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_sessions_at_once_are_all_there_and_all_go() {
    mirrord_tcp_listener::raise_open_files_limit().unwrap();
    let home = Home::new().await;
    let hosts: Vec<_> = (0..500)
        .map(|number| Host::start(&home.sessions, &format!("s{number}")))
        .collect();
    hosts.iter().for_each(Host::emit);
    let count = async |target: &str, status: &str, seq: u64| {
        let listed = home.get(target).await;
        let is = |session: &&serde_json::Value| session["status"] == status && session["seq"] == seq;
        listed.as_array().unwrap().iter().filter(is).count()
    };
    eventually(async || (count("/api/sessions", "live", 1).await == 500).then_some(())).await;
    drop(hosts);
    eventually(async || (home.get("/api/sessions").await.as_array().unwrap().is_empty()).then_some(())).await;
    let kept = mirrord_ui_server::limits::MAX_ENDED_SESSIONS;
    assert_eq!(count("/api/sessions?ended=true", "ended", 1).await, kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_version_of_the_protocol_is_followed_as_far_as_it_is_understood() {
    let home = Home::new().await;
    let _host = Scripted::answering(&home.sessions, "newer", |target| {
        let body = match target {
            "/info" => r#"{"session_id":"newer","protocol_version":99,"target":"t","started_at":"s","novel":[1]}"#,
            "/events?since=0" => {
                "{\"seq\":1,\"ts\":1,\"type\":\"Teleported\"}\n{\"type\":\"Novel\",\"seq\":2,\"ts\":2}\n"
            }
            _ => "{}",
        };
        body.to_owned()
    });
    let session = home.until_seq("newer", 2).await;
    assert_eq!(
        (&session["status"], &session["protocol_version"]),
        (&"live".into(), &99.into())
    );
}

/// Only root can give a socket away; anybody else has nothing to test here.
#[tokio::test(flavor = "multi_thread")]
async fn a_socket_of_another_user_is_shown_and_never_touched() {
    let home = Home::new().await;
    let path = home.sessions.join("theirs.sock");
    drop(UnixListener::bind(&path).unwrap());
    if std::os::unix::fs::chown(&path, Some(54_321), None).is_err() {
        return;
    }
    let session = home.until("theirs", "unresponsive").await;
    assert_eq!(session["reason"], "its socket belongs to another user (uid 54321)");
    let age = home.sessions.join("age.sock");
    drop(UnixListener::bind(&age).unwrap());
    eventually(async || age.symlink_metadata().is_err().then_some(())).await;
    assert!(
        path.symlink_metadata().is_ok(),
        "one of ours of the same age was stale and went"
    );
    std::fs::remove_file(&path).unwrap();
    eventually(async || home.session("theirs").await.is_none().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_is_not_one_of_ours_is_refused_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("real")).unwrap();
    symlink(folder.path().join("real"), folder.path().join("link")).unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    for (name, what) in [("link", "is a symbolic link"), ("file", "is not a directory")] {
        let sessions_dir = folder.path().join(name);
        let listeners = LoopbackListeners::bind(0).await.unwrap();
        let options = Options {
            sessions_dir: sessions_dir.clone(),
            ..Options::default()
        };
        let error = Server::new(listeners, options).unwrap_err();
        assert!(matches!(error, Error::Directory(_)));
        let text = error.to_string();
        assert!(
            text.contains(what) && text.contains(sessions_dir.to_str().unwrap()),
            "{text}"
        );
    }
}
