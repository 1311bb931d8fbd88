//! Summary of a session: what is worth a look, the lists of answers, failures in the tabs, and the log beneath.

use mirrord_tests::browser::Tab;
use mirrord_tests::host::Host;
use mirrord_tests::ui::Ui;
use mirrord_wire::session::ListenerUpdate;
use mirrord_wire::{ConnectionUpdate, Direction, Exit, MonitorEvent, Observation, Outcome, SessionInfo};

use super::row;

/// Emits an event of the session's process with its outcome.
fn came(host: &Host, event: MonitorEvent, outcome: Option<Outcome>) {
    host.tell(Observation {
        pid: Some(7),
        outcome,
        ..event.into()
    });
}

/// A program whose config file is in the third place, whose database refuses, whose port no connection reaches, and whose child
/// dies.
fn shop(host: &Host) {
    let start = |pid, parent_pid, command: &str| MonitorEvent::LayerConnected {
        pid,
        parent_pid,
        process_name: command.split(' ').next().map(str::to_owned),
        cmdline: command.split(' ').map(str::to_owned).collect(),
        cwd: Some("/srv/shop".into()),
    };
    host.tell(start(7, None, "python3 shop.py"));
    let looked_for = [
        ("/home/dev/.config/shop/shop.toml", Outcome::NotFound),
        ("/srv/shop/shop.toml", Outcome::NotFound),
        ("/etc/shop/shop.toml", Outcome::Ok),
    ];
    for (path, outcome) in looked_for {
        let (path, operation) = (Some(path.to_owned()), "open".into());
        came(host, MonitorEvent::FileOp { path, operation }, Some(outcome));
    }
    for _ in 0..3 {
        let connection = MonitorEvent::OutgoingConnection {
            address: "127.0.0.1".into(),
            port: 5439,
            protocol: Some("tcp".into()),
        };
        came(host, connection, Some(Outcome::Failed));
    }
    let update = ConnectionUpdate {
        protocol: "tcp".into(),
        direction: Direction::Out,
        local: "10.0.0.1:40000".into(),
        remote: "10.96.88.2:6379".into(),
        state: "established".into(),
        bytes_in: Some(1_200_000),
        bytes_out: Some(84_000),
        rtt_us: None,
        duration_us: None,
    };
    let redis = MonitorEvent::OutgoingConnection {
        address: "10.96.88.2".into(),
        port: 6379,
        protocol: Some("tcp".into()),
    };
    came(host, redis, Some(Outcome::Connected));
    came(
        host,
        MonitorEvent::ConnectionUpdate(Box::new(update)),
        Some(Outcome::Connected),
    );
    let listener = ListenerUpdate {
        protocol: "tcp".into(),
        address: "127.0.0.1".into(),
        port: 8080,
        arrivals: Some(0),
        ..ListenerUpdate::default()
    };
    came(host, MonitorEvent::ListenerUpdate(Box::new(listener)), None);
    host.tell(start(8, Some(7), "sh -c convert"));
    let exit = Exit {
        code: None,
        signal: Some("SIGABRT".into()),
    };
    host.tell(MonitorEvent::LayerDisconnected { pid: 8, exit });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_opens_with_what_is_worth_a_look_and_its_log_beneath() {
    let (home, ui) = Ui::with_home().await;
    let host = Host::start(&home, "answers", SessionInfo::default());
    let tab = Tab::at(&ui.url()).await;
    tab.click("[data-session-id='answers']").await;
    tab.shows("quiet", "Nothing stands out so far.").await;
    shop(&host);
    tab.shows("findings", "sh -c convert died of SIGABRT.").await;
    tab.shows("findings", "Connections to 127.0.0.1:5439 fail.").await;
    tab.becomes("!byTestId('quiet').checkVisibility()").await;
    tab.shows("answers-files", "shop.toml").await;
    tab.shows("answers-network", "1.2 MB / 84.0 kB").await;
    tab.shows("answers-ports", "loopback only").await;
    tab.shows("answers-ports", "never").await;
    tab.shows("answers-died", "died of SIGABRT").await;
    tab.shows("tab-network", "1 failed").await;
    tab.shows("tab-processes", "1 failed").await;
    tab.becomes("!byTestId('tab-files').innerText.includes('failed')").await;
    // The log with its search and its types is in the same page.
    tab.becomes(&row("shop.toml")).await;
    tab.becomes("['search', 'pause', 'type-filter-FileOp'].every(id => byTestId(id)?.checkVisibility())")
        .await;
    // A finding leads to its rows.
    tab.does("[...document.querySelectorAll('[data-testid=finding]')].find(it => it.innerText.includes('5439')).querySelector('a').click()")
        .await;
    tab.becomes("location.hash.startsWith('#/s/answers/events?q=')").await;
    tab.becomes(&row("5439")).await;
    tab.becomes(&format!("!{}", row("shop.toml"))).await;
    tab.close_without_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_views_say_what_came_of_things() {
    let (home, ui) = Ui::with_home().await;
    let host = Host::start(&home, "outcomes", SessionInfo::default());
    shop(&host);
    let tab = Tab::at(&ui.url()).await;
    tab.click("[data-session-id='outcomes']").await;
    tab.click("[data-testid='tab-network']").await;
    tab.shows("network-destinations", "failed").await;
    tab.shows("network-destinations", "1.2 MB / 84.0 kB").await;
    tab.click("[data-testid='tab-files']").await;
    tab.shows("files-table", "not found").await;
    tab.shows("files-table", "found").await;
    tab.click("[data-testid='tab-processes']").await;
    tab.shows("processes-table", "died of SIGABRT").await;
    // The folder has its column where there is room for it.
    tab.resize(1800, 900).await;
    tab.shows("processes-table", "/srv/shop").await;
    tab.click("[data-testid='tab-ports']").await;
    tab.shows("view-ports", "127.0.0.1:8080").await;
    tab.close_without_complaints().await;
}
