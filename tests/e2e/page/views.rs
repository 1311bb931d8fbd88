//! The views beside the log: what a session touched, each in a table of its own.

use mirrord_tests::browser::Tab;
use mirrord_tests::eventually;
use mirrord_tests::service::service;
use mirrord_tests::ui::Ui;
use mirrord_wire::{MonitorEvent, Routing, SessionSummary};

use super::row;
use super::scene::{Scene, VIEWS};

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_a_real_program_are_a_tree_and_a_table_and_lead_to_their_events() {
    let mut page = Scene::shell("view-files", "#/s/ID/files").await;
    page.session
        .run("read line < /etc/hostname; read line < /etc/passwd; test -e /nonexistent/a; test -e /nonexistent/b")
        .await;
    page.lists("files-table", &["/nonexistent/", "2 inside"]).await;
    page.type_into("[data-testid='view-files-search']", "nonexistent").await;
    page.lists("files-table", &["a", "stat 1"]).await;
    page.lists_no("files-table", "passwd").await;
    page.click("[data-testid='files-tree']").await;
    page.lists("files-table", &["/nonexistent/b"]).await;
    page.click("[data-testid='files-table'] thead th:nth-child(2) button")
        .await;
    page.becomes(
        "document.querySelector('[data-testid=\"files-table\"] thead th:nth-child(2)').ariaSort === 'descending'",
    )
    .await;
    page.click("[data-testid='files-table'] tbody tr:not([hidden]) button[data-act='show']")
        .await;
    page.becomes(&row("/nonexistent/")).await;
    assert!(
        page.is("decodeURIComponent(location.hash).includes('name:=\"/nonexistent/')")
            .await
    );
    assert!(!page.is(&row("/etc/passwd")).await, "these events alone are shown");
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_paths_are_a_window_of_rows() {
    let page = Scene::service("view-many", "#/s/ID/files").await;
    for number in 0..99 {
        for other in 0..1_000 {
            page.session
                .file(&format!("/srv/d{number}/f{other}"), "open", Routing::Local, None);
        }
        // As fast as the page is told of it: what is dropped on the way would not be a path here.
        page.becomes(&format!(
            "Number(byTestId('files-count').innerText.replace(/\\D/g, '')) >= {}",
            number * 1_000
        ))
        .await;
    }
    page.shows("files-count", "99,004 paths").await;
    page.click("[data-testid='files-tree']").await;
    page.becomes("byTestId('files-table').ariaRowCount === '99005'").await;
    let nodes: u32 = page.value("document.querySelectorAll('*').length").await;
    assert!(nodes < 3_000, "{nodes} elements");
    page.does("byTestId('view-files').scrollTop = 1e9").await;
    page.lists("files-table", &["/usr/lib/node/b.js"]).await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_found_is_told_apart_and_a_name_stands_beside_its_address() {
    let page = Scene::service("view-absent", "#/s/ID/files").await;
    page.shows("files-not-found", "1 not found").await;
    page.click("[data-testid='files-not-found']").await;
    page.lists("files-table", &["feature.json", "not found"]).await;
    page.lists_no("files-table", "config.yaml").await;
    page.at("#/s/ID/network").await;
    page.lists("network-destinations", &["likely postgres → 10.96.14.7:5432", "remote"])
        .await;
    page.lists("network-names", &["postgres", "10.96.14.7:5432"]).await;
    page.lists("network-names", &["nowhere", "not found"]).await;
    page.shows("network-failed", "1 failed").await;
    page.click("[data-testid='network-failed']").await;
    page.lists_no("network-names", "postgres").await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_says_that_nothing_has_arrived_until_something_does() {
    let page = Scene::service("view-ports", "#/s/ID/ports").await;
    page.lists(
        "ports-table",
        &["8080", "steal", "header x-user: dev", "nothing has arrived in"],
    )
    .await;
    // The page's clock goes on by two minutes.
    page.does("Date.now = (own => () => own() + 125_000)(Date.now)").await;
    page.lists("ports-table", &["8080", "nothing has arrived in 2 min"])
        .await;
    page.session.tell(MonitorEvent::IncomingRequest {
        method: "GET".into(),
        path: "/api/cart".into(),
        host: "orders.staging".into(),
    });
    page.lists("ports-table", &["8080", "1 request"]).await;
    page.lists("ports-requests", &["GET", "/api/cart", "orders.staging"])
        .await;
    page.session.tell(MonitorEvent::PortSubscription {
        port: 9229,
        mode: "listen".into(),
        filter: None,
        address: None,
    });
    page.lists("ports-table", &["9229", "not watched"]).await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_out_of_sight_until_they_are_asked_for() {
    let page = Scene::service("view-env", "#/s/ID/environment").await;
    page.lists("environment-table", &["DB_PASSWORD", "••••••"]).await;
    page.lists("environment-table", &["ONLY", "only the name is known"])
        .await;
    assert!(!page.is("document.documentElement.outerHTML.includes('hunter2')").await);
    // The first by name is DB_HOST.
    page.click("[data-testid='environment-table'] tbody tr:not([hidden]) button[data-act='value']")
        .await;
    page.lists("environment-table", &["DB_HOST", "postgres"]).await;
    assert!(!page.is("document.documentElement.outerHTML.includes('hunter2')").await);
    page.click("[data-testid='environment-values']").await;
    page.lists("environment-table", &["DB_PASSWORD", "hunter2"]).await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_stand_behind_those_that_started_them() {
    let mut page = Scene::shell("view-processes", "#/s/ID/processes").await;
    page.session.run("cat /etc/hostname").await;
    page.lists("processes-table", &["sh", "runs"]).await;
    page.lists("processes-table", &["cat", "cat /etc/hostname", "ran"])
        .await;
    let depth = "[...document.querySelectorAll('[data-testid=\"processes-table\"] tbody tr:not([hidden])')].find(row => row.innerText.startsWith('cat'))?.querySelector('th').style.getPropertyValue('--depth') === '1'";
    page.becomes(depth).await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_and_its_children_are_followed_through_every_view() {
    let mut page = Scene::shell("view-follow", "#/s/ID/processes").await;
    page.session
        .run("(cat /etc/hostname; sh -c 'cat /etc/passwd; cat /nonexistent/own.toml; true'; true); cat /nonexistent/other.toml; cat /etc/group")
        .await;
    page.lists("processes-table", &["cat", "/etc/group"]).await;
    let own = "[...document.querySelectorAll('[data-testid=\"processes-table\"] tbody tr:not([hidden])')].find(row => row.innerText.startsWith('sh') && row.outerHTML.includes('own.toml') && !row.outerHTML.includes('other.toml'))";
    page.becomes(own).await;
    page.does(&format!("{own}.querySelector('button[data-act=\"tree\"]').click()"))
        .await;
    page.becomes("/[?&]tree=\\d+/.test(location.hash)").await;
    page.shows("followed", "sh").await;
    page.lists("processes-table", &["cat", "/etc/passwd"]).await;
    page.lists_no("processes-table", "/etc/group").await;
    page.click("[data-testid='tab-files']").await;
    page.lists("files-table", &["passwd"]).await;
    page.lists_no("files-table", "group").await;
    page.click("[data-testid='tab-events']").await;
    page.does("location.hash += '&q=toml'").await;
    page.becomes(&format!("{} && !{}", row("own.toml"), row("other.toml")))
        .await;
    page.click("[data-testid='tab-summary']").await;
    page.shows("answers-files", "own.toml").await;
    assert!(
        !page
            .is("byTestId('answers-files').innerText.includes('other.toml')")
            .await
    );
    page.click("[data-testid='follow-all']").await;
    page.shows("answers-files", "other.toml").await;
    assert!(page.is("!/tree=/.test(location.hash)").await);
    page.click("[data-testid='tab-files']").await;
    page.lists("files-table", &["group"]).await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_part_of_the_configuration_says_what_it_decided() {
    let page = Scene::service("view-config", "#/s/ID/config").await;
    page.shows("config-path", "/home/dev/orders/mirrord.json").await;
    let line = |text: &str, says: &str| {
        format!(
            "[...document.querySelectorAll('[data-testid=\"config-lines\"] li')].some(line => line.innerText.includes('{text}') && line.innerText.includes('{says}'))"
        )
    };
    page.becomes(&line("/etc/app/feature.*", "not found 1")).await;
    page.becomes(&line("\"mode\": \"read\"", "remote 2")).await;
    page.shows("config-defaults", "local defaults").await;
    page.click("[data-testid='config-lines'] [data-testid='decided']").await;
    page.becomes(&row("config.yaml")).await;
    assert!(!page.is(&row("b.js")).await);
    // The numbers can be read by pointer, by keys and as a table.
    page.at("#/s/ID/stats").await;
    page.lists("top-paths", &["/etc/app/config.yaml", "2"]).await;
    page.lists("top-hosts", &["postgres"]).await;
    page.becomes("document.querySelector('[data-testid=\"chart\"] [role=img]').ariaLabel.length > 10")
        .await;
    page.does("byTestId('chart').focus()").await;
    page.shows("chart-says", "events").await;
    page.shows("chart-says", "files").await;
    page.click("[data-testid='chart-table']").await;
    page.becomes("document.querySelectorAll('.numbers tbody tr').length > 0")
        .await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_log_that_is_filtered_says_below_it_what_a_session_missed() {
    let (home, ui) = Ui::with_home().await;
    let (_one, host) = (service(&home, "view-whole"), service(&home, "view-lagged"));
    let tab = Tab::at(&ui.url()).await;
    tab.shows("connection-state", "Live").await;
    tab.becomes("['whole', 'lagged'].every(id => document.querySelector(`[data-session-id='view-${id}']`))")
        .await;
    tab.follow("#/m/view-whole,view-lagged?type=DnsQuery").await;
    let ask = |name: &str| host.asks(name, Routing::Remote);
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
    assert!(tab.is("!document.querySelector('[data-testid=log-row].missed')").await);
    tab.shows("foot-lost", "not received here").await;
    tab.close_without_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tab_has_the_number_of_its_rows_and_a_table_is_copied_as_text() {
    let page = Scene::service("view-copy", "#/s/ID/files").await;
    page.session.file("=cmd()", "open", Routing::Local, None);
    for (view, rows) in [
        ("files", 5),
        ("network", 3),
        ("ports", 1),
        ("environment", 3),
        ("processes", 3),
    ] {
        let number = format!("document.querySelector('[data-testid=\"tab-{view}\"] .number').innerText === '{rows}'");
        page.becomes(&number).await;
    }
    let catch = "(window.copied = [], Object.defineProperty(navigator, 'clipboard', { value: { writeText: text => (window.copied.push(text), Promise.resolve()) } }), true)";
    assert!(page.is(catch).await);
    page.click("[data-testid='files-tree']").await;
    page.lists("files-table", &["=cmd()"]).await;
    page.click("[data-testid='copy-table'] button").await;
    page.becomes("window.copied.length === 1").await;
    let text: String = page.value("window.copied[0]").await;
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
    assert!(lines.len() == 6 && lines.iter().all(|line| line.len() == 7), "{text}");
    assert!(
        lines
            .iter()
            .any(|line| line[..3] == ["/etc/app/config.yaml", "2", "open 1 · stat 1"]),
        "{text}"
    );
    assert!(lines.iter().any(|line| line[0] == "'=cmd()"), "{text}");
    page.click("[data-testid='tab-environment']").await;
    page.lists("environment-table", &["DB_PASSWORD"]).await;
    page.click("[data-testid='copy-table'] button").await;
    page.becomes("window.copied.length === 2").await;
    let text: String = page.value("window.copied[1]").await;
    assert!(
        text.contains("DB_PASSWORD\t••••••") && !text.contains("hunter2"),
        "{text}"
    );
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_view_is_wider_than_a_phone() {
    let page = Scene::service("view-phone", "#/s/ID/events").await;
    page.resize(360, 740).await;
    for view in VIEWS {
        page.at(&format!("#/s/ID/{view}")).await;
        page.has(&format!("[data-testid='view-{view}']")).await;
        page.fits().await;
        let inner = format!("(view => view.scrollWidth <= view.clientWidth)(byTestId('view-{view}'))");
        assert!(page.is(&inner).await, "{view}");
    }
    page.close().await;
}
