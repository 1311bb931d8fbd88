//! Names that are made to harm: markup, scripts, characters that turn a line around, a megabyte of text, bytes that are no
//! text. They are shown, in every view, and do nothing.

use std::os::unix::ffi::OsStrExt as _;

use hyper::Method;
use mirrord_tests::browser::Tab;
use mirrord_tests::eventually;
use mirrord_tests::host::Host;
use mirrord_tests::ui::Ui;
use mirrord_wire::{MonitorEvent, Routing, SessionInfo, SessionSummary};

use super::row;
use super::scene::{Scene, VIEWS};

/// Marker inside every name.
fn names() -> Vec<String> {
    vec![
        "<img src=x onerror=window.ran=1>".to_owned(),
        "<script>window.ran=1</script>".to_owned(),
        "\"'><svg/onload=window.ran=1>".to_owned(),
        "javascript:window.ran=1".to_owned(),
        "cod\u{202e}gpj.exe\u{2066}".to_owned(),
        "line\nfeed\u{0}\u{1b}[31m\u{7f}\u{85}".to_owned(),
        "=HYPERLINK(\"http://example.invalid\")".to_owned(),
        "a&amp;b%00%2f..//../".to_owned(),
        "\u{300}\u{301}".repeat(200),
        "🏳️‍🌈".repeat(100),
        // As long as an event may be, by far more than a row.
        "long".repeat(50_000),
    ]
}

/// Something of everything by that name.
fn events(name: &str, pid: u32) -> Vec<MonitorEvent> {
    let own = || name.to_owned();
    let path = |before: &str| [before, name].concat();
    vec![
        MonitorEvent::LayerConnected {
            pid,
            parent_pid: Some(pid - 1),
            process_name: Some(own()),
            cmdline: vec![own(), own()],
            cwd: None,
        },
        MonitorEvent::FileOp {
            path: Some(path("/etc/")),
            operation: own().chars().take(100).collect::<String>().into(),
        },
        MonitorEvent::DnsQuery { host: own() },
        MonitorEvent::OutgoingConnection {
            address: own(),
            port: 1,
            protocol: Some(own().into()),
        },
        MonitorEvent::OutgoingConnection {
            address: path("<UNIX-PATH> /run/"),
            port: 0,
            protocol: None,
        },
        MonitorEvent::PortSubscription {
            port: u16::try_from(pid).unwrap(),
            mode: own().into(),
            filter: Some(own()),
            address: None,
        },
        MonitorEvent::EnvVar {
            vars: vec![(own(), Some(own()))],
        },
        MonitorEvent::IncomingRequest {
            method: own(),
            path: own(),
            host: own(),
        },
    ]
}

/// Emits all of them, each once the server has the one before: a session keeps 640 KiB, and the longest of these
/// events would make it evict unread ones.
async fn tell(ui: &Ui, host: &Host, id: &str) {
    let path = format!("/api/sessions/{id}");
    eventually("the server lists the session", async || {
        let answer = ui.send(ui.request(Method::GET, &path)).await;
        answer.status().is_success().then_some(())
    })
    .await;
    let mut told = 0;
    for (pid, name) in (100..).zip(names()) {
        let rule = &name[..name.floor_char_boundary(200)];
        for event in events(&name, pid) {
            host.tell_of(event, pid, Routing::Remote, Some(rule));
            told += 1;
            eventually("the server has the event", async || {
                let own: SessionSummary = ui.json(&path).await;
                (own.seq >= told).then_some(())
            })
            .await;
        }
    }
}

/// Nothing ran, nothing was made of a name, nothing is wider than the window, no line is turned around, and the browser
/// complains of nothing.
async fn assert_harmless(tab: &Tab, place: &str) {
    let made = "document.querySelectorAll('main img, main script, main iframe, main [onerror], main [onload], main a[href^=\"javascript\"]').length";
    assert_eq!(tab.value::<u32>(made).await, 0, "{place}");
    assert!(tab.is("window.ran === undefined").await, "{place}");
    assert!(
        tab.is("document.documentElement.scrollWidth <= innerWidth").await,
        "{place} is too wide"
    );
    let raw =
        "/[\\u202a-\\u202e\\u2066-\\u2069\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]/.test(document.body.innerText)";
    assert!(!tab.is(raw).await, "{place} shows a character that cannot be seen");
    assert!(tab.is("document.body.innerText.length < 400000").await, "{place}");
    assert_eq!(tab.complaints(), Vec::<String>::new(), "{place}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_are_text_in_every_view() {
    let (home, ui) = Ui::with_home().await;
    let markup = &names()[0];
    let info = SessionInfo {
        target: markup.clone(),
        namespace: Some(names()[4].clone()),
        config_path: Some(names().concat()),
        config: Some(serde_json::json!({ markup.as_str(): names(), "feature": { "x": names()[5] } })),
        ..SessionInfo::default()
    };
    let host = Host::start(&home, "hostile", info);
    tell(&ui, &host, "hostile").await;
    for (width, height) in [(1440, 900), (390, 844)] {
        let tab = Tab::open(width, height).await;
        tab.goto(&ui.url()).await;
        tab.shows("connection-state", "Live").await;
        tab.click("[data-session-id='hostile']").await;
        tab.becomes(&row("long…")).await;
        assert_harmless(&tab, "the log").await;
        for view in VIEWS {
            tab.click(&format!("[data-testid='tab-{view}']")).await;
            if view == "files" {
                // Flat, since the tree has them all in one closed folder.
                assert_harmless(&tab, "the tree").await;
                tab.click("[data-testid='files-tree']").await;
            }
            tab.shows(&format!("view-{view}"), "<img src=x").await;
            assert_harmless(&tab, view).await;
        }
        tab.click("[data-testid='tab-environment']").await;
        tab.click("[data-testid='environment-values']").await;
        tab.shows("view-environment", "=HYPERLINK").await;
        assert_harmless(&tab, "shown values").await;
        tab.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_is_no_text_is_shown_all_the_same() {
    let mut page = Scene::shell("hostile-bytes", "#/s/ID/events").await;
    page.click("[data-testid='tab-files']").await;
    page.click("[data-testid='files-tree']").await;
    page.click("[data-testid='files-table'] thead th:nth-child(6) button")
        .await;
    let bytes = page.home.path().join(std::ffi::OsStr::from_bytes(b"no\xff\xfetext"));
    std::fs::write(&bytes, "").unwrap();
    page.session
        .run(&format!(
            "for it in {}/no*; do read line < \"$it\"; done",
            page.home.path().display()
        ))
        .await;
    page.shows("view-files", r"no\xff\xfetext").await;
    assert_harmless(&page, "bytes").await;
    page.close().await;
}
