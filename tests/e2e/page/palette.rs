//! The palette's search in the events of all sessions.

use mirrord_tests::browser::Tab;
use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_tests::ui::Ui;
use mirrord_wire::{Routing, SessionInfo};

/// A session with a name, and some files that it has read.
fn named(home: &Home, id: &str, name: &str, paths: &[&str]) -> Host {
    let info = SessionInfo {
        session_id: id.to_owned(),
        target: "targetless".to_owned(),
        started_at: "2026-11-20T18:00:00Z".to_owned(),
        mirrord_version: "0.1.0".to_owned(),
        name: Some(name.to_owned()),
        ..SessionInfo::default()
    };
    let host = Host::start(home, id, info);
    paths
        .iter()
        .for_each(|path| host.file(path, "open", Routing::Local, None));
    host
}

const HITS: &str = "[...document.querySelectorAll('#palette-list [data-testid=\"palette-hit\"], #palette-list .hit-heading')].map(it => it.firstElementChild.innerText).join()";
const INPUT: &str = "[data-testid='palette-input']";

async fn open(tab: &Tab, typed: &str) {
    tab.becomes("!document.querySelector('dialog[open]')").await;
    tab.click("[data-testid='palette-button']").await;
    tab.has("dialog#palette[open]").await;
    tab.type_into(INPUT, typed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_palette_finds_rows_of_every_session_and_enter_goes_to_the_row() {
    let (home, ui) = Ui::with_home().await;
    let shop = named(&home, "pal-a", "shop", &["/srv/shop/app.yaml", "/srv/shop/other.txt"]);
    let _worker = named(
        &home,
        "pal-b",
        "worker",
        &["/srv/worker/app.yaml", "/srv/worker/queue.yaml"],
    );
    shop.asks("db.example", Routing::Remote);
    let tab = Tab::at(&ui.url()).await;
    tab.becomes("document.querySelectorAll('[data-testid=\"overview-row\"]').length === 2")
        .await;
    open(&tab, "app.yaml").await;
    tab.becomes(&format!(
        "{HITS}.split(',').sort().join() === '/srv/shop/app.yaml,/srv/worker/app.yaml,shop,worker'"
    ))
    .await;
    // The filter language, and one session's row by the keyboard.
    tab.press("Escape").await;
    open(&tab, "path:*queue*").await;
    tab.becomes(&format!("{HITS} === 'worker,/srv/worker/queue.yaml'"))
        .await;
    tab.becomes("document.querySelector('#palette [aria-selected=\"true\"]')?.innerText.includes('queue.yaml')")
        .await;
    tab.press("Enter").await;
    tab.becomes("location.hash === '#/s/pal-b/events?row=2'").await;
    tab.text("[data-testid='detail']", "/srv/worker/queue.yaml").await;
    // A host; by a click.
    open(&tab, "db.example").await;
    tab.becomes(&format!("{HITS} === 'shop,db.example'")).await;
    tab.click("[data-testid='palette-hit']").await;
    tab.becomes("location.hash === '#/s/pal-a/events?row=3'").await;
    tab.text("[data-testid='detail']", "db.example").await;
    tab.does("history.back()").await;
    tab.becomes("location.hash === '#/s/pal-b/events?row=2'").await;
    tab.text("[data-testid='detail']", "/srv/worker/queue.yaml").await;
    tab.close_without_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_no_filter_is_searched_for_as_it_is_and_what_is_not_found_is_said() {
    let (home, ui) = Ui::with_home().await;
    let _shop = named(&home, "pal-a", "shop", &["/srv/prot:80/app.yaml"]);
    let tab = Tab::at(&format!("{}#/s/pal-a", ui.url())).await;
    tab.has("[data-session-id='pal-a']").await;
    open(&tab, "prot:80").await;
    tab.becomes(&format!("{HITS} === 'shop,/srv/prot:80/app.yaml'")).await;
    tab.does("byTestId('palette-input').value = ''").await;
    tab.type_into(INPUT, "qqqq").await;
    tab.shows("palette-progress", "Nothing is called that.").await;
    tab.becomes(&format!("{HITS} === ''")).await;
    tab.close_without_complaints().await;
}
