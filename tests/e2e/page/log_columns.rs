//! The columns of the log: what came of each event, widths and choice, repeats as one row, the chosen row in the address,
//! and the forms in which a row is copied.

use mirrord_tests::browser::Tab;
use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_tests::ui::Ui;
use mirrord_wire::session::ConnectionUpdate;
use mirrord_wire::{Direction, Exit, MonitorEvent, Outcome, SessionInfo};

use super::{ROWS, row};

/// A session in which something came of everything.
fn outcomes(home: &Home, id: &str) -> Host {
    let host = Host::start(home, id, SessionInfo::default());
    for (pid, name) in [(7, "python3"), (8, "sh")] {
        host.tell(MonitorEvent::LayerConnected {
            pid,
            parent_pid: (pid > 7).then_some(7),
            process_name: Some(name.into()),
            cmdline: vec![name.into(), "orders.py".into()],
            cwd: None,
        });
    }
    host.came(file("/etc/app/app.toml", "open"), 7, Outcome::Ok);
    host.came(file("/home/dev/app.toml", "open"), 7, Outcome::NotFound);
    host.came(file("/etc/app/ca.pem", "open"), 7, Outcome::Denied);
    for (address, outcome) in [
        ("10.0.0.1", Outcome::Connected),
        ("10.0.0.2", Outcome::Failed),
        ("10.0.0.3", Outcome::Pending),
    ] {
        let connection = MonitorEvent::OutgoingConnection {
            address: address.into(),
            port: 5432,
            protocol: Some("tcp".into()),
        };
        host.came(connection, 7, outcome);
    }
    let update = ConnectionUpdate {
        protocol: "tcp".into(),
        direction: Direction::Out,
        local: "10.0.0.9:40000".into(),
        remote: "10.0.0.5:5432".into(),
        state: "closed".into(),
        bytes_in: Some(17),
        bytes_out: Some(120),
        rtt_us: None,
        duration_us: Some(1_500),
    };
    host.tell(MonitorEvent::ConnectionUpdate(Box::new(update)));
    host.tell(MonitorEvent::IncomingRequest {
        method: "POST".into(),
        path: "/orders?it's".into(),
        host: "shop:80".into(),
    });
    let exit = Exit {
        code: None,
        signal: Some("SIGABRT".into()),
    };
    host.tell(MonitorEvent::LayerDisconnected { pid: 8, exit });
    host
}

fn file(path: &str, operation: &'static str) -> MonitorEvent {
    MonitorEvent::FileOp {
        path: Some(path.into()),
        operation: operation.into(),
    }
}

async fn open(ui: &Ui, id: &str, size: (u32, u32)) -> Tab {
    let tab = Tab::open(size.0, size.1).await;
    tab.goto(&ui.url()).await;
    tab.becomes(&format!("document.querySelector('[data-session-id={id}]')"))
        .await;
    tab.does(&format!("location.hash = '#/s/{id}/events'")).await;
    tab
}

/// The cells of the row that has this text: operation, outcome, and whether that is red.
fn cells(text: &str) -> String {
    format!(
        "(row => row && [row.querySelector('.op').innerText, row.querySelector('.outcome').innerText, \
         row.querySelector('.outcome').classList.contains('bad') ? 'red' : ''].join('|'))\
         ({ROWS}.find(row => row.innerText.includes('{text}')))"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_of_an_event_is_a_word_in_its_own_column() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let _host = outcomes(&home, "col-words");
    let tab = open(&ui, "col-words", (1440, 900)).await;
    tab.becomes(&row("SIGABRT")).await;
    for (text, wanted) in [
        ("/etc/app/app.toml", "open|ok|"),
        ("/home/dev/app.toml", "open|not found|red"),
        ("ca.pem", "open|no permission|red"),
        ("10.0.0.1:5432", "tcp|connected|"),
        ("10.0.0.2:5432", "tcp|failed|red"),
        ("10.0.0.3:5432", "tcp|no answer yet|"),
        ("SIGABRT", "ended|SIGABRT|red"),
        ("orders.py", "started||"),
        ("/orders?it", "POST||"),
    ] {
        assert_eq!(tab.value::<String>(&cells(text)).await, wanted, "{text}");
    }
    tab.becomes(&row("10.0.0.5:5432 closed, 17 B in, 120 B out, 1.5 ms"))
        .await;
    // An update is a row among the connections, and none of their number.
    tab.shows("type-filter-OutgoingConnection", "3").await;
    tab.click("[data-testid='type-filter-OutgoingConnection']").await;
    tab.becomes(&format!("!{} && !{}", row("10.0.0.5"), row("10.0.0.1")))
        .await;
    tab.resize(390, 844).await;
    let stacked = format!(
        "(row => row.offsetHeight === 44 && row.querySelector('.outcome').getBoundingClientRect().right > 350 && \
         row.querySelector('.text').offsetTop > row.querySelector('.outcome').offsetTop)\
         ({ROWS}.find(row => row.innerText.includes('ca.pem')))"
    );
    tab.becomes(&stacked).await;
    assert_eq!(tab.complaints(), Vec::<String>::new());
    tab.close().await;
}

const WIDTH: &str = "document.querySelector('.log-head .process').offsetWidth";

#[tokio::test(flavor = "multi_thread")]
async fn columns_are_chosen_and_widened_and_stay_so() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let _host = outcomes(&home, "col-widths");
    let tab = open(&ui, "col-widths", (1440, 900)).await;
    tab.becomes(&row("SIGABRT")).await;
    let before: u32 = tab.value(WIDTH).await;
    // By a key on the edge, and by dragging it.
    tab.does("document.querySelector('[data-testid=edge-process]').focus()")
        .await;
    tab.press("ArrowRight").await;
    tab.becomes(&format!("{WIDTH} === {}", before + 8)).await;
    let drag = "(edge => { const at = edge.getBoundingClientRect(), say = (type, x) => edge.dispatchEvent(new PointerEvent(type, \
                {clientX: x, pointerId: 1, button: 0, buttons: 1, bubbles: true, cancelable: true})); \
                edge.setPointerCapture = () => {}; say('pointerdown', at.x); say('pointermove', at.x + 40); say('pointerup', at.x + 40); return true; })\
                (document.querySelector('[data-testid=edge-process]'))";
    tab.does(drag).await;
    tab.becomes(&format!("{WIDTH} === {}", before + 48)).await;
    tab.click("[data-testid='columns-button']").await;
    tab.click("[data-testid='column-pid']").await;
    tab.click("[data-testid='column-kind']").await;
    let chosen = format!(
        "{WIDTH} === {} && document.querySelector('.log-head .pid').offsetWidth > 0 && document.querySelector('.log-head .kind').offsetWidth === 0",
        before + 48
    );
    tab.becomes(&chosen).await;
    tab.does("window.isStale = true, location.reload()").await;
    tab.becomes("!window.isStale && document.querySelector('[data-testid=log-row]')")
        .await;
    tab.becomes(&chosen).await;
    // A row is laid out as its head is.
    tab.becomes(&format!(
        "{ROWS}[0].querySelector('.process').offsetWidth === {}",
        before + 48
    ))
    .await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn repeats_are_one_row_that_a_click_expands() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let host = outcomes(&home, "col-fold");
    (0..40).for_each(|_| host.came(file("/srv/data.db", "stat"), 7, Outcome::Ok));
    host.came(file("/srv/last", "stat"), 7, Outcome::Ok);
    let tab = open(&ui, "col-fold", (1440, 900)).await;
    tab.becomes(&row("/srv/last")).await;
    tab.shows("shown", "52 of 52").await;
    tab.click("[data-testid='fold']").await;
    tab.shows("shown", "13 of 52").await;
    tab.becomes(&row("×40 in")).await;
    // What comes next joins the run that it repeats.
    (0..2).for_each(|_| host.came(file("/srv/last", "stat"), 7, Outcome::Ok));
    tab.becomes(&row("×3 in")).await;
    tab.shows("shown", "13 of 54").await;
    tab.click("[data-testid='log-row'][data-seq='12']").await;
    // The reader reads now: what came is not counted as shown before they go on.
    tab.shows("shown", "52 of 54").await;
    tab.becomes(&format!("!{}", row("×40"))).await;
    tab.press("r").await;
    tab.shows("shown", "54 of 54").await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chosen_row_is_in_the_address_and_a_row_that_is_gone_is_said() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let _host = outcomes(&home, "col-row");
    let tab = open(&ui, "col-row", (1440, 900)).await;
    tab.becomes(&row("SIGABRT")).await;
    tab.click("[data-testid='log-row'][data-seq='5']").await;
    tab.becomes("location.hash === '#/s/col-row/events?row=5'").await;
    tab.does("window.isStale = true, location.reload()").await;
    tab.becomes("!window.isStale && document.querySelector('[aria-selected=true]')?.innerText.includes('ca.pem')")
        .await;
    tab.shows("detail", "no permission").await;
    // A second around it, without losing the filter, and back.
    tab.press("a").await;
    tab.becomes("/[?]t=\\d+-\\d+&row=5$/.test(location.hash)").await;
    tab.press("z").await;
    tab.becomes("location.hash === '#/s/col-row/events?row=5'").await;
    tab.does("location.hash = '#/s/col-row/events?row=999'").await;
    tab.shows("row-absent", "#999").await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_copied_as_a_path_a_line_and_a_command() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let _host = outcomes(&home, "col-copy");
    let tab = open(&ui, "col-copy", (1440, 900)).await;
    tab.becomes(&row("SIGABRT")).await;
    tab.does("window.copied = [], Object.defineProperty(navigator, 'clipboard', {value: {writeText: text => (window.copied.push(text), Promise.resolve())}})")
        .await;
    tab.click("[data-testid='log-row'][data-seq='5']").await;
    tab.becomes("document.querySelector('[aria-selected=true]')?.innerText.includes('ca.pem')")
        .await;
    for key in ["p", "r", "c"] {
        tab.press("c").await;
        tab.press(key).await;
    }
    tab.becomes("window.copied.length === 3").await;
    let copied: Vec<String> = tab.value("window.copied").await;
    assert_eq!(copied[0], "/etc/app/ca.pem");
    assert!(
        copied[1].ends_with("\tFileOp\tpython3\t7\topen\t/etc/app/ca.pem\tdenied\t\t\n"),
        "{copied:?}"
    );
    assert_eq!(
        copied[2],
        "[pid 7] open(\"/etc/app/ca.pem\") = -1 EACCES (Permission denied)"
    );
    // The menu of a row is about the row that it was opened on.
    let menu = "it.dispatchEvent(new MouseEvent('contextmenu', {clientX: at.x + 400, clientY: at.y + 5, button: 2, bubbles: true, cancelable: true}))";
    tab.does(&format!(
        "(it => {{ const at = it.getBoundingClientRect(); {menu}; }})({ROWS}.find(row => row.innerText.includes('/orders?it')))"
    ))
    .await;
    tab.click("#row-menu [data-testid='copy-command'] button").await;
    tab.becomes("window.copied.length === 4").await;
    assert_eq!(
        tab.value::<String>("window.copied[3]").await,
        r"curl -X POST 'http://shop:80/orders?it'\''s'"
    );
    assert_eq!(tab.complaints(), Vec::<String>::new());
    tab.close().await;
}
