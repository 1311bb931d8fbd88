//! Records on the page: the time line of one, the comparison of two, one that is dropped, the recording of a session, and the
//! history.

use std::fmt::Write as _;

use mirrord_tests::browser::{Tab, visible};
use mirrord_tests::eventually;
use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;
use serde_json::{Value, json};

use super::row;

/// First time of the records here, microseconds since the Unix epoch.
const START: u64 = 1_795_197_600_000_000;
/// Events of a record here, a second apart.
const EVENTS: u64 = 100;

/// A record of look-ups, `host-1` to `host-100`, a second apart; from the middle on files as well, none of which is found.
fn record(id: &str, extra: &str) -> String {
    let info = json!({"session_id": id, "protocol_version": 1, "name": format!("run {id}"), "target": "targetless",
        "started_at": "2026-11-20T18:00:00Z"});
    let mut text = json!({"type": "Record", "format": 1, "values": true, "session": info}).to_string() + "\n";
    for seq in 1..=EVENTS {
        let ts = START + seq * 1_000_000;
        let event = if seq > EVENTS / 2 && seq % 10 == 0 {
            json!({"seq": seq, "ts": ts, "type": "FileOp", "path": format!("/etc/{extra}/{seq}"), "operation": "open", "outcome": "not_found"})
        } else {
            json!({"seq": seq, "ts": ts, "type": "DnsQuery", "host": format!("host-{seq}.test")})
        };
        writeln!(text, "{event}").unwrap();
    }
    text + &json!({"type": "RecordEnd", "events": EVENTS, "reason": "ended"}).to_string() + "\n"
}

/// A page at the overview of some records.
async fn replayed(ids: &[&str]) -> (Home, Ui, Tab) {
    let home = Home::new();
    let mut arguments = vec!["--port".to_owned(), "0".to_owned()];
    for id in ids {
        let file = home.path().join(format!("{id}.ndjson"));
        std::fs::write(&file, record(id, id)).unwrap();
        arguments.extend(["--replay".to_owned(), file.to_str().unwrap().to_owned()]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let ui = Ui::start_with(&home, &arguments).await;
    let tab = Tab::at(&ui.url()).await;
    (home, ui, tab)
}

/// Hands a file to the page, by a field of it or by a drop.
pub(super) fn hand(file: &str, text: &str, how: &str) -> String {
    let text = serde_json::to_string(text).unwrap();
    format!("(() => {{ const data = new DataTransfer(); data.items.add(new File([{text}], '{file}')); {how} }})()")
}

/// Drops what is handed on the page.
pub(super) const DROP: &str = "window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }))";

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_shown_as_it_was_at_any_moment() {
    let (_home, _ui, tab) = replayed(&["past"]).await;
    tab.follow("#/s/past/events").await;
    tab.shows("moment-says", "Whole record").await;
    tab.shows("shown", "100 of 100 shown").await;
    tab.fill("moment", "250").await;
    tab.becomes("/[?&]at=2[456]$/.test(location.hash)").await;
    tab.becomes("/event 2[456] of 100/.test(byTestId('moment-says').innerText)")
        .await;
    tab.becomes("/^2[456] of 2[456] shown$/.test(byTestId('shown').innerText)")
        .await;
    // Every view is of that moment: no file was looked for yet.
    tab.becomes("byTestId('tab-files').innerText.trim() === 'Files'").await;
    tab.becomes("/2[456]/.test(byTestId('tab-events').innerText)").await;
    tab.follow("#/s/past/files?at=75").await;
    tab.shows("view-files", "/etc/past/70").await;
    assert!(
        tab.is("!byTestId('view-files').innerText.includes('/etc/past/80')")
            .await
    );
    tab.becomes("/2 failed/.test(byTestId('tab-files').innerText)").await;
    // Back in time, and to the end.
    tab.fill("moment", "600").await;
    tab.becomes("!byTestId('view-files').innerText.includes('/etc/past/70')")
        .await;
    tab.click("[data-testid='whole-record']").await;
    tab.shows("view-files", "/etc/past/100").await;
    tab.becomes("!location.hash.includes('at=')").await;
    assert!(tab.is(&format!("!({})", visible("whole-record"))).await);
    tab.close_without_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_played_to_its_end() {
    let (_home, _ui, tab) = replayed(&["play"]).await;
    tab.follow("#/s/play/events?at=10").await;
    tab.shows("shown", "10 of 10 shown").await;
    // 100 seconds fit into half a minute at ten times their speed.
    tab.becomes("byTestId('speed').value === '10'").await;
    tab.fill("speed", "60").await;
    tab.click("[data-testid='play']").await;
    tab.becomes("byTestId('play').title === 'Pause'").await;
    tab.shows("shown", "100 of 100 shown").await;
    tab.becomes("byTestId('play').title === 'Play' && byTestId('moment-says').innerText === 'Whole record'")
        .await;
    tab.close_without_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sessions_are_compared_and_each_difference_leads_to_its_events() {
    let (_home, _ui, tab) = replayed(&["one", "two"]).await;
    tab.has("[data-row='two'] [type='checkbox']").await;
    tab.click("[data-row='one'] [type='checkbox']").await;
    assert!(tab.is(&format!("!({})", visible("compare"))).await);
    tab.click("[data-row='two'] [type='checkbox']").await;
    tab.click("[data-testid='compare']").await;
    tab.becomes("location.hash === '#/diff/one/two'").await;
    tab.shows("diff-paths", "/etc/one/60").await;
    tab.shows("diff-paths", "/etc/two/60").await;
    tab.shows("comparison-says", "Alike: 95").await;
    assert!(tab.is("!byTestId('diff-hosts')").await, "nothing differs there");
    tab.type_into("[data-testid='comparison-search']", "TWO/7").await;
    tab.becomes("document.querySelectorAll('.differences li').length === 1")
        .await;
    tab.fits().await;
    tab.click(".differences .ways a").await;
    tab.becomes("location.hash.startsWith('#/s/two/events?')").await;
    tab.shows("shown", "1 of 100 shown").await;
    tab.follow("#/diff/one/nobody").await;
    tab.shows("comparison-says", "is no session that is here").await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_opens_by_a_drop_and_what_is_none_is_refused_with_the_reason() {
    let (_home, _ui, tab) = replayed(&[]).await;
    let drag = "window.dispatchEvent(new DragEvent('dragover', { dataTransfer: data, cancelable: true }))";
    tab.has("[data-testid='empty-state']").await;
    tab.does(&hand("run.ndjson", "", drag)).await;
    tab.becomes(&visible("drop-place")).await;
    tab.does(&hand("notes.txt", "no record\n", DROP)).await;
    tab.becomes(&format!("!({})", visible("drop-place"))).await;
    tab.shows("record-fault", "notes.txt").await;
    tab.shows("record-fault", "no record of a session").await;
    tab.does(&hand("run.ndjson", &record("dropped", "x"), DROP)).await;
    tab.becomes("location.hash === '#/s/dropped'").await;
    tab.shows("tab-events", "100").await;
    assert!(tab.is(&format!("!({})", visible("record-fault"))).await);
    // By a field, for who drags nothing.
    tab.follow("#/").await;
    let choose = "const field = byTestId('open-record'); field.files = data.files; field.dispatchEvent(new Event('change', { bubbles: true }))";
    tab.has("[data-testid='open-record']").await;
    tab.does(&hand("again.ndjson", &record("dropped", "x"), choose)).await;
    tab.becomes("location.hash === '#/s/dropped-replay2'").await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_recorded_and_saved_from_the_page() {
    let (home, ui) = Ui::with_home().await;
    let mut shell = Program::shell(&home, "taped").await;
    let tab = Tab::at(&ui.url()).await;
    tab.follow("#/s/taped/events").await;
    tab.click("[data-testid='record']").await;
    tab.shows("recording", "Recording to").await;
    let file: String = tab
        .value("byTestId('recording').innerText.match(/Recording to (.*?ndjson[.a-z]*)/)[1]")
        .await;
    shell.run("read line < /etc/hostname").await;
    tab.becomes("byTestId('record').getAttribute('aria-pressed') === 'true'")
        .await;
    tab.becomes(&row("/etc/hostname")).await;
    tab.click("[data-testid='record']").await;
    tab.becomes("byTestId('record').getAttribute('aria-pressed') === 'false'")
        .await;
    let text = eventually("the record is whole", async || {
        let text = String::from_utf8(zstd::decode_all(&std::fs::read(&file).ok()?[..]).ok()?).ok()?;
        text.contains("RecordEnd").then_some(text)
    })
    .await;
    assert!(text.contains("/etc/hostname"), "{text}");
    assert!(
        !text.contains("PATH=") && !text.contains("\"values\":true"),
        "no value of a variable"
    );
    let saved: Value = {
        let answer = ui
            .send(ui.request(hyper::Method::GET, "/api/sessions/taped/record"))
            .await;
        let text = String::from_utf8(answer.body().to_vec()).unwrap();
        serde_json::from_str(text.lines().next().unwrap()).unwrap()
    };
    assert_eq!(saved["type"], "Record");
    tab.becomes(&visible("save-record")).await;
    tab.close_without_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_keeps_finds_opens_and_deletes_sessions_that_ended() {
    let home = Home::new();
    let ui = Ui::start_with(&home, &["--port", "0"]).await;
    let tab = Tab::at(&ui.url()).await;
    tab.follow("#/history").await;
    tab.shows("history-nothing", "are not kept").await;
    tab.becomes("!byTestId('keep-history').disabled").await;
    tab.click("[data-testid='keep-history']").await;
    tab.shows("history-nothing", "Nothing is kept yet").await;
    let shell = Program::shell(&home, "kept-run").await;
    eventually("the server has the session", async || {
        let sessions: Vec<Value> = ui.json("/api/sessions").await;
        sessions.iter().any(|own| own["session_id"] == "kept-run").then_some(())
    })
    .await;
    drop(shell);
    tab.has("[data-testid='kept-record']").await;
    tab.type_into("[data-testid='history-search']", "nowhere").await;
    tab.becomes("!byTestId('kept-record')").await;
    tab.fill("history-search", "kept").await;
    tab.click("[data-testid='open-kept']").await;
    tab.becomes("location.hash.startsWith('#/s/kept-run-replay')").await;
    tab.follow("#/history").await;
    tab.click("[data-testid='delete-kept']").await;
    tab.shows("delete-kept", "Delete for good?").await;
    tab.click("[data-testid='delete-kept']").await;
    tab.becomes("!byTestId('kept-record')").await;
    let left = std::fs::read_dir(home.path().join(".mirrord/history")).unwrap();
    let records = left.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().contains("ndjson"));
    assert_eq!(records.count(), 0);
    tab.close_without_complaints().await;
}
