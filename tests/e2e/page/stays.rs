//! The rows in sight keep their place: through every change of the filters, a flood, and the server's absence.

use mirrord_tests::browser::Tab;
use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;
use mirrord_tests::within;
use mirrord_wire::{MonitorEvent, SessionInfo, SessionSummary};

use super::row;
use super::scene::Scene;

/// Rows in sight, each with its place on the screen.
const IN_SIGHT: &str = r#"(log => {
    const area = log.getBoundingClientRect();
    return [...log.querySelectorAll('[data-testid="log-row"]')]
        .filter(row => !row.hidden)
        .map(row => [row.dataset.seq, Math.round(row.getBoundingClientRect().top - area.top)])
        .filter(([, top]) => top > -20 && top < area.height - 4)
        .sort((one, other) => one[1] - other[1]);
})(document.getElementById('log'))"#;

/// Gestures that change what is shown, and how each is taken back.
const GESTURES: [(&str, &str); 5] = [
    (r#"type_search("host1")"#, r#"type_search("")"#),
    (r#"type_search("/(/")"#, r#"type_search("")"#),
    (
        r#"byTestId('type-filter-FileOp').click()"#,
        r#"byTestId('type-filter-FileOp').click()"#,
    ),
    (r#"byTestId('only-like').click()"#, r#"type_search("")"#),
    (r#"byTestId('pause').click()"#, r#"byTestId('pause').click()"#),
];

const TYPE: &str = r#"window.type_search = text => {
    const box = document.getElementById('search');
    box.value = text;
    box.dispatchEvent(new Event('input', { bubbles: true }));
}"#;

fn tell(host: &Host, range: std::ops::Range<u32>) {
    for number in range {
        host.tell(if number.is_multiple_of(3) {
            MonitorEvent::DnsQuery {
                host: format!("host{number}"),
            }
        } else {
            MonitorEvent::FileOp {
                path: Some(format!("/data/{number}")),
                operation: "open".into(),
            }
        });
    }
}

async fn open(id: &'static str, rows: u32) -> Scene<Host> {
    let start = async |home: &Home| {
        let host = Host::start(home, id, SessionInfo::default());
        tell(&host, 0..rows);
        host
    };
    let page = Scene::of(id, "#/s/ID/events", start).await;
    page.becomes(&row(&format!("/data/{}", rows - 1))).await;
    page.does(TYPE).await;
    page
}

/// Scrolls up, clicks a row in the middle, and gives what is in sight.
async fn read_a_row(tab: &Tab) -> String {
    tab.does("document.getElementById('log').scrollTop -= 4000").await;
    tab.becomes("byTestId('jump').hidden === false").await;
    let middle = format!("{IN_SIGHT}[5][0]");
    let seq: String = tab.value(&middle).await;
    tab.click(&format!("[data-testid='log-row'][data-seq='{seq}']")).await;
    tab.becomes("document.querySelector('[aria-selected=\"true\"]') !== null")
        .await;
    tab.becomes(&format!("{IN_SIGHT}.length > 15")).await;
    tab.value(&format!("JSON.stringify({IN_SIGHT})")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_pair_of_gestures_leaves_the_rows_where_they_were() {
    let page = open("stays-pairs", 5_000).await;
    let before = read_a_row(&page).await;
    let is_as_before = format!(
        "JSON.stringify({IN_SIGHT}) === {}",
        serde_json::to_string(&before).unwrap()
    );
    for (first, undo_first) in GESTURES {
        page.does(first).await;
        for (second, undo_second) in GESTURES {
            if first != second {
                page.does(second).await;
                // Never blank without a word.
                page.becomes(&format!("{IN_SIGHT}.length > 0 || !byTestId('log-state').hidden"))
                    .await;
                page.does(undo_second).await;
                // Two that share the search box: the first is typed again.
                page.does(first_again(first)).await;
            }
        }
        page.does(undo_first).await;
        page.becomes(&is_as_before).await;
    }
    page.close().await;
}

fn first_again(first: &'static str) -> &'static str {
    if first.starts_with("type_search") {
        first
    } else {
        "true"
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clear_keeps_a_pause_and_can_be_undone() {
    let page = open("stays-clear", 300).await;
    page.click("[data-testid='pause']").await;
    tell(&page.session, 300..310);
    page.shows("waiting", "10").await;
    page.click("[data-testid='clear']").await;
    page.shows("pause", "Resume").await;
    page.shows("waiting", "10").await;
    page.becomes(&format!("{IN_SIGHT}.length === 0")).await;
    page.click("[data-testid='pause']").await;
    page.becomes(&format!("{IN_SIGHT}.length === 10")).await;
    page.click("[data-testid='foot-undo-clear']").await;
    page.shows("shown", "310 of 310").await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_clears_while_reading_sees_what_comes() {
    let page = open("stays-reading", 2_000).await;
    let before = read_a_row(&page).await;
    page.click("[data-testid='clear']").await;
    page.becomes(&format!("{IN_SIGHT}.length === 0")).await;
    tell(&page.session, 2_000..2_003);
    page.becomes(&format!("{IN_SIGHT}.length === 3")).await;
    page.click("[data-testid='foot-undo-clear']").await;
    page.becomes(&format!("JSON.stringify({IN_SIGHT}) === {:?}", before))
        .await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_stays_while_the_log_gives_up_older_rows() {
    let page = open("stays-flood", 5_000).await;
    let before = read_a_row(&page).await;
    for start in (5_000..165_000).step_by(4_000) {
        tell(&page.session, start..start + 4_000);
        within("the server to have taken them", async {
            while page.ui.json::<SessionSummary>("/api/sessions/stays-flood").await.seq < u64::from(start) + 4_000 {}
        })
        .await;
    }
    page.becomes("byTestId('given-up').hidden === false").await;
    let after: String = page.value(&format!("JSON.stringify({IN_SIGHT})")).await;
    assert_eq!(after, before);
    page.click("[data-testid='jump']").await;
    page.becomes(&row("164")).await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_gone_is_said_where_the_eye_is_and_what_was_seen_stays() {
    let (home, ui) = Ui::with_home().await;
    let mut shell = Program::shell(&home, "stays-gone").await;
    let tab = Tab::at(&ui.url()).await;
    tab.click("[data-session-id='stays-gone']").await;
    shell.run("cat /etc/hostname").await;
    tab.becomes(&row("/etc/hostname")).await;
    assert!(tab.is("byTestId('stale').hidden").await);
    let port = ui.address.port().to_string();
    ui.interrupt().await;
    tab.shows("stale", "mirrord ui does not answer").await;
    tab.shows("following", "No connection").await;
    tab.becomes(
        "getComputedStyle(document.querySelector('[data-testid=\"status\"] .dot')).backgroundColor === 'rgba(0, 0, 0, 0)'",
    )
    .await;
    // The clocks stand still; that they do is seen over more than a second.
    let age: String = tab.value("byTestId('status').innerText").await;
    tab.does("window.began = Date.now()").await;
    tab.becomes("Date.now() - window.began > 2500").await;
    tab.shows("status", &age).await;
    // Started again it has another token: the tab is signed out, and keeps what it holds.
    let again = Ui::start_with(&home, &["--port", &port]).await;
    tab.click("[data-testid='stale-retry']").await;
    tab.shows("stale", "Print its link").await;
    assert!(tab.is(&row("/etc/hostname")).await);
    // Another tab of the browser signs in, and this one with it.
    let _other = tab.beside(&again.url()).await;
    tab.becomes(
        "(byTestId('stale-retry').click(), \
         byTestId('connection-state').innerText === 'Live')",
    )
    .await;
    tab.shows("connection-state", "Live").await;
    assert!(tab.is(&row("/etc/hostname")).await);
    // Back in this tab, since no tab draws in the background, the session goes on in the same log.
    tab.to_front().await;
    shell.run("cat /etc/passwd").await;
    tab.becomes(&row("/etc/passwd")).await;
    shell.finish().await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_is_after_a_reload_what_it_was() {
    let (home, ui) = Ui::with_home().await;
    let mut shell = Program::shell(&home, "stays-ended").await;
    let tab = Tab::at(&ui.url()).await;
    tab.click("[data-session-id='stays-ended']").await;
    shell.run("cat /etc/hostname; cat /etc/passwd").await;
    shell.finish().await;
    tab.shows("status", "ended").await;
    tab.does("location.reload()").await;
    tab.shows("status", "ended").await;
    let heading: String = tab.value("document.querySelector('main header').innerText").await;
    assert!(
        !heading.contains("not known") && heading.contains("sh") && heading.contains("3 processes"),
        "{heading}"
    );
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_listed_while_its_log_is_asked_for_is_asked_again() {
    let (home, ui) = Ui::with_home().await;
    let tab = Tab::open(1440, 900).await;
    // The first answer, that there is no such session, is held back.
    let script = "(() => {
        const own = window.fetch;
        const gate = new Promise(open => window.release = open);
        window.asked = 0;
        window.fetch = async (input, init) => {
            const answer = await own(input, init);
            if (String(input).includes('/events?') && ++window.asked === 1) await gate;
            return answer;
        };
    })()";
    let held = tab.page().evaluate_on_new_document(script).await;
    held.expect("a script can be set before the page's own");
    tab.goto(&ui.url()).await;
    tab.shows("empty-state", "mirrord").await;
    tab.follow("#/s/stays-late").await;
    tab.becomes("window.asked === 1").await;
    let shell = Program::shell(&home, "stays-late").await;
    tab.becomes("document.querySelector(\"[data-session-id='stays-late']\")")
        .await;
    tab.does("window.release()").await;
    tab.becomes("window.asked === 2").await;
    shell.finish().await;
    tab.close().await;
}
