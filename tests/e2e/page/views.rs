//! The views beside the log: what a session touched, each in a table of its own.

use mirrord_tests::browser::Tab;
use mirrord_tests::eventually;
use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::service::service;
use mirrord_tests::ui::Ui;
use mirrord_wire::{MonitorEvent, Routing, SessionSummary};

use super::row;

/// Is there a row of a table that shows all of this?
pub(super) fn has(table: &str, texts: &[&str]) -> String {
    format!(
        "[...document.querySelectorAll('[data-testid=\"{table}\"] tbody tr:not([hidden])')].some(row => {}.every(text => row.innerText.includes(text)))",
        serde_json::to_string(texts).unwrap()
    )
}

pub(super) async fn open(ui: &Ui, tab: &Tab, id: &str, view: &str) {
    tab.goto(&ui.url()).await;
    tab.shows("connection-state", "Live").await;
    tab.click(&format!("[data-session-id='{id}']")).await;
    tab.click(&format!("[data-testid='tab-{view}']")).await;
    tab.becomes(&format!("document.querySelector('[data-testid=\"view-{view}\"]')"))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_a_real_program_are_a_tree_and_a_table_and_lead_to_their_events() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let mut shell = Program::shell(&home, "view-files").await;
    let tab = Tab::open(1440, 900).await;
    open(&ui, &tab, "view-files", "files").await;
    shell
        .run("read line < /etc/hostname; read line < /etc/passwd; test -e /nonexistent/a; test -e /nonexistent/b")
        .await;
    tab.becomes(&has("files-table", &["/nonexistent/", "2 inside"])).await;
    tab.type_into("[data-testid='view-files-search']", "nonexistent").await;
    tab.becomes(&has("files-table", &["a", "stat 1"])).await;
    tab.becomes(&format!("!{}", has("files-table", &["passwd"]))).await;
    tab.click("[data-testid='files-tree']").await;
    tab.becomes(&has("files-table", &["/nonexistent/b"])).await;
    tab.click("[data-testid='files-table'] thead th:nth-child(2) button")
        .await;
    tab.becomes(
        "document.querySelector('[data-testid=\"files-table\"] thead th:nth-child(2)').ariaSort === 'descending'",
    )
    .await;
    tab.click("[data-testid='files-table'] tbody tr:not([hidden]) button[data-act='show']")
        .await;
    tab.becomes(&row("/nonexistent/")).await;
    assert!(tab.value::<bool>("location.hash.includes('is=/nonexistent/')").await);
    assert!(
        !tab.value::<bool>(&row("/etc/passwd")).await,
        "these events alone are shown"
    );
    assert_eq!(tab.complaints(), Vec::<String>::new());
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_paths_are_a_window_of_rows() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let host = service(&home, "view-many");
    let tab = Tab::open(1440, 900).await;
    open(&ui, &tab, "view-many", "files").await;
    for number in 0..99 {
        for other in 0..1_000 {
            host.file(&format!("/srv/d{number}/f{other}"), "open", Routing::Local, None);
        }
        // As fast as the page is told of it: what is dropped on the way would not be a path here.
        tab.becomes(&format!(
            "Number(document.querySelector('[data-testid=\"files-count\"]').innerText.replace(/\\D/g, '')) >= {}",
            number * 1_000
        ))
        .await;
    }
    tab.shows("files-count", "99,004 paths").await;
    tab.click("[data-testid='files-tree']").await;
    tab.becomes("document.querySelector('[data-testid=\"files-table\"]').ariaRowCount === '99005'")
        .await;
    let nodes: u32 = tab.value("document.querySelectorAll('*').length").await;
    assert!(nodes < 3_000, "{nodes} elements");
    tab.value::<bool>("(document.querySelector('[data-testid=\"view-files\"]').scrollTop = 1e9, true)")
        .await;
    tab.becomes(&has("files-table", &["/usr/lib/node/b.js"])).await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_found_is_told_apart() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let _host = service(&home, "view-absent");
    let tab = Tab::open(1440, 900).await;
    open(&ui, &tab, "view-absent", "files").await;
    tab.shows("files-not-found", "1 not found").await;
    tab.click("[data-testid='files-not-found']").await;
    tab.becomes(&has("files-table", &["feature.json", "not found"])).await;
    tab.becomes(&format!("!{}", has("files-table", &["config.yaml"]))).await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_stands_beside_the_address_it_led_to() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let _host = service(&home, "view-network");
    let tab = Tab::open(1440, 900).await;
    open(&ui, &tab, "view-network", "network").await;
    tab.becomes(&has(
        "network-destinations",
        &["10.96.14.7:5432", "postgres", "likely", "tcp", "remote"],
    ))
    .await;
    tab.becomes(&has("network-names", &["postgres", "10.96.14.7:5432"]))
        .await;
    tab.becomes(&has("network-names", &["nowhere", "not found"])).await;
    tab.shows("network-failed", "1 failed").await;
    tab.click("[data-testid='network-failed']").await;
    tab.becomes(&format!("!{}", has("network-names", &["postgres"]))).await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_says_that_nothing_has_arrived_until_something_does() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let host = service(&home, "view-ports");
    let tab = Tab::open(1440, 900).await;
    open(&ui, &tab, "view-ports", "ports").await;
    tab.becomes(&has(
        "ports-table",
        &["8080", "steal", "header x-user: dev", "nothing has arrived in"],
    ))
    .await;
    // The page's clock goes on by two minutes.
    assert!(
        tab.value::<bool>("(Date.now = (own => () => own() + 125_000)(Date.now), true)")
            .await
    );
    tab.becomes(&has("ports-table", &["8080", "nothing has arrived in 2 min"]))
        .await;
    host.tell(MonitorEvent::IncomingRequest {
        method: "GET".into(),
        path: "/api/cart".into(),
        host: "orders.staging".into(),
    });
    tab.becomes(&has("ports-table", &["8080", "1 request"])).await;
    tab.becomes(&has("ports-requests", &["GET", "/api/cart", "orders.staging"]))
        .await;
    host.tell(MonitorEvent::PortSubscription {
        port: 9229,
        mode: "listen".into(),
        filter: None,
        address: None,
    });
    tab.becomes(&has("ports-table", &["9229", "not watched"])).await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_out_of_sight_until_they_are_asked_for() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let _host = service(&home, "view-env");
    let tab = Tab::open(1440, 900).await;
    open(&ui, &tab, "view-env", "environment").await;
    tab.becomes(&has("environment-table", &["DB_PASSWORD", "••••••"])).await;
    tab.becomes(&has("environment-table", &["ONLY", "only the name is known"]))
        .await;
    assert!(
        !tab.value::<bool>("document.documentElement.outerHTML.includes('hunter2')")
            .await
    );
    // The first by name is DB_HOST.
    tab.click("[data-testid='environment-table'] tbody tr:not([hidden]) button[data-act='value']")
        .await;
    tab.becomes(&has("environment-table", &["DB_HOST", "postgres"])).await;
    assert!(
        !tab.value::<bool>("document.documentElement.outerHTML.includes('hunter2')")
            .await
    );
    tab.click("[data-testid='environment-values']").await;
    tab.becomes(&has("environment-table", &["DB_PASSWORD", "hunter2"]))
        .await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_stand_behind_those_that_started_them() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let mut shell = Program::shell(&home, "view-processes").await;
    let tab = Tab::open(1440, 900).await;
    open(&ui, &tab, "view-processes", "processes").await;
    shell.run("cat /etc/hostname").await;
    tab.becomes(&has("processes-table", &["sh", "runs"])).await;
    tab.becomes(&has("processes-table", &["cat", "cat /etc/hostname", "ran"]))
        .await;
    let depth = "[...document.querySelectorAll('[data-testid=\"processes-table\"] tbody tr:not([hidden])')].find(row => row.innerText.startsWith('cat'))?.querySelector('th').style.getPropertyValue('--depth') === '1'";
    tab.becomes(depth).await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_part_of_the_configuration_says_what_it_decided() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let _host = service(&home, "view-config");
    let tab = Tab::open(1440, 900).await;
    open(&ui, &tab, "view-config", "config").await;
    tab.shows("config-path", "/home/dev/orders/mirrord.json").await;
    let line = |text: &str, says: &str| {
        format!(
            "[...document.querySelectorAll('[data-testid=\"config-lines\"] li')].some(line => line.innerText.includes('{text}') && line.innerText.includes('{says}'))"
        )
    };
    tab.becomes(&line("/etc/app/feature.*", "decided 1 event")).await;
    tab.becomes(&line("\"mode\": \"read\"", "decided 2 events")).await;
    tab.shows("config-defaults", "local defaults").await;
    tab.click("[data-testid='config-lines'] [data-testid='decided']").await;
    tab.becomes(&row("config.yaml")).await;
    assert!(!tab.value::<bool>(&row("b.js")).await);
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_numbers_can_be_read_by_pointer_by_keys_and_as_a_table() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let _host = service(&home, "view-stats");
    let tab = Tab::open(1440, 900).await;
    open(&ui, &tab, "view-stats", "stats").await;
    tab.becomes(&has("top-paths", &["/etc/app/config.yaml", "2"])).await;
    tab.becomes(&has("top-hosts", &["postgres"])).await;
    tab.becomes("document.querySelector('[data-testid=\"chart\"] [role=img]').ariaLabel.length > 10")
        .await;
    tab.value::<bool>("(document.querySelector('[data-testid=\"chart\"]').focus(), true)")
        .await;
    tab.shows("chart-says", "events").await;
    tab.shows("chart-says", "files").await;
    tab.click("[data-testid='chart-table']").await;
    tab.becomes("document.querySelectorAll('.numbers tbody tr').length > 0")
        .await;
    assert_eq!(tab.complaints(), Vec::<String>::new());
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_log_that_is_filtered_says_below_it_what_a_session_missed() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let (_one, host) = (service(&home, "view-whole"), service(&home, "view-lagged"));
    let tab = Tab::open(1440, 900).await;
    tab.goto(&ui.url()).await;
    tab.shows("connection-state", "Live").await;
    tab.becomes("['whole', 'lagged'].every(id => document.querySelector(`[data-session-id='view-${id}']`))")
        .await;
    tab.value::<String>("location.hash = '#/m/view-whole,view-lagged?type=DnsQuery'")
        .await;
    let ask = |name: &str| host.tell_of(MonitorEvent::DnsQuery { host: name.into() }, 7, Routing::Remote, None);
    ask("before-the-gap");
    tab.becomes(&row("before-the-gap")).await;
    // More at once than waits for anybody: the session gives the oldest up, and says so.
    let long = "x".repeat(3_000);
    eventually("the session loses events", async || {
        (0..2_000).for_each(|number| host.file(&format!("/{number}/{long}"), "open", Routing::Local, None));
        let own: SessionSummary = ui.json("/api/sessions/view-lagged").await;
        own.missed.is_some_and(|missed| missed > 0).then_some(())
    })
    .await;
    ask("after-the-gap");
    tab.becomes(&row("after-the-gap")).await;
    // A gap matches no filter: below the log it is told all the same.
    assert!(
        tab.value::<bool>("!document.querySelector('[data-testid=log-row].missed')")
            .await
    );
    tab.shows("foot-lost", "not received here").await;
    assert_eq!(tab.complaints(), Vec::<String>::new());
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tab_has_the_number_of_its_rows_and_a_table_is_copied_as_text() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let host = service(&home, "view-copy");
    host.file("=cmd()", "open", Routing::Local, None);
    let tab = Tab::open(1440, 900).await;
    open(&ui, &tab, "view-copy", "files").await;
    for (view, rows) in [
        ("files", 5),
        ("network", 3),
        ("ports", 1),
        ("environment", 3),
        ("processes", 3),
    ] {
        let number = format!("document.querySelector('[data-testid=\"tab-{view}\"] .number').innerText === '{rows}'");
        tab.becomes(&number).await;
    }
    let catch = "(window.copied = [], Object.defineProperty(navigator, 'clipboard', { value: { writeText: text => (window.copied.push(text), Promise.resolve()) } }), true)";
    assert!(tab.value::<bool>(catch).await);
    tab.click("[data-testid='files-tree']").await;
    tab.becomes(&has("files-table", &["=cmd()"])).await;
    tab.click("[data-testid='copy-table'] button").await;
    tab.becomes("window.copied.length === 1").await;
    let text: String = tab.value("window.copied[0]").await;
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
    assert!(lines.len() == 6 && lines.iter().all(|line| line.len() == 6), "{text}");
    assert!(
        lines
            .iter()
            .any(|line| line[..3] == ["/etc/app/config.yaml", "2", "open 1 · stat 1"]),
        "{text}"
    );
    assert!(lines.iter().any(|line| line[0] == "'=cmd()"), "{text}");
    tab.click("[data-testid='tab-environment']").await;
    tab.becomes(&has("environment-table", &["DB_PASSWORD"])).await;
    tab.click("[data-testid='copy-table'] button").await;
    tab.becomes("window.copied.length === 2").await;
    let text: String = tab.value("window.copied[1]").await;
    assert!(
        text.contains("DB_PASSWORD\t••••••") && !text.contains("hunter2"),
        "{text}"
    );
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_view_is_wider_than_a_phone() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let _host = service(&home, "view-phone");
    let tab = Tab::open(360, 740).await;
    for view in [
        "files",
        "network",
        "ports",
        "environment",
        "processes",
        "config",
        "stats",
    ] {
        open(&ui, &tab, "view-phone", view).await;
        tab.becomes("document.documentElement.scrollWidth <= innerWidth").await;
        let inner = format!(
            "(view => view.scrollWidth <= view.clientWidth)(document.querySelector('[data-testid=\"view-{view}\"]'))"
        );
        assert!(tab.value::<bool>(&inner).await, "{view}");
    }
    tab.close().await;
}
