//! The page speaks the reader's language, from right to left too, and English where a catalogue cannot be had.

use mirrord_catalogues::{Language, compile::Catalogue};
use mirrord_tests::browser::Tab;
use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_tests::ui::Ui;
use mirrord_wire::{MonitorEvent, Routing, SessionInfo};

use super::scene::{ROW, Scene, VIEWS};

#[tokio::test(flavor = "multi_thread")]
async fn another_language_is_spoken_at_once_and_english_again() {
    let scene = Scene::shell_that_read("page-german", "#/s/ID/events").await;
    scene.has(ROW).await;
    scene.click("[data-testid='preferences-button']").await;
    let fetched = "performance.getEntriesByType('resource').filter(it => it.name.includes('/i18n/')).length";
    assert_eq!(scene.value::<u32>(fetched).await, 0, "English is built in");
    scene.speak("de").await;
    scene.has("html[lang='de'][dir='ltr']").await;
    scene.text("[data-testid='tab-events']", "Ereignisse").await;
    scene.text("#log", "Datei").await;
    scene.becomes("document.activeElement.id === 'language'").await;
    assert_eq!(scene.value::<u32>(fetched).await, 1);
    scene.reload().await;
    scene.text("[data-testid='tab-events']", "Ereignisse").await;
    scene.speak("en").await;
    scene.text("[data-testid='tab-events']", "Events").await;
    scene.has("html[lang='en']").await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_catalogue_a_language_is_english() {
    let (_home, ui) = Ui::with_home().await;
    let tab = Tab::at(&ui.url()).await;
    tab.shows("connection-state", "Live").await;
    // A language that was chosen, and whose catalogue is not to be had.
    let refuse = "window.real = window.fetch, window.fetch = (address, ...more) =>
        String(address).includes('/i18n/') ? Promise.reject(new TypeError('gone')) : real(address, ...more)";
    tab.page().evaluate_on_new_document(refuse).await.unwrap();
    let choose =
        "localStorage.setItem('mirrord.preferences', '1;language=ja'), window.isStale = true, location.reload()";
    tab.does(choose).await;
    // The document itself begins in English: what the page makes of it counts.
    tab.becomes("!window.isStale && document.querySelector('header.top')")
        .await;
    tab.shows("connection-state", "Live").await;
    tab.becomes("document.documentElement.lang === 'en'").await;
    tab.shows("empty-state", "mirrord exec --").await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_s_own_language_is_spoken() {
    let (_home, ui) = Ui::with_home().await;
    let tab = speaking(&ui, "['de-AT', 'en']").await;
    tab.shows("connection-state", "Live").await;
    tab.becomes("document.documentElement.lang === 'de'").await;
    tab.shows("empty-state", "Es läuft keine Sitzung").await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_from_right_to_left_turns_the_page_around() {
    let (_home, ui) = Ui::with_home().await;
    let tab = speaking(&ui, "['ar-EG']").await;
    tab.shows("connection-state", &arabic("live")).await;
    tab.shows("empty-state", &arabic("empty-title")).await;
    tab.becomes("document.documentElement.dir === 'rtl' && document.documentElement.lang === 'ar'")
        .await;
    let right = "document.querySelector('.brand').getBoundingClientRect().left > innerWidth / 2";
    tab.becomes(right).await;
    // A command is read from the left in every language.
    tab.becomes("getComputedStyle(document.querySelector('.command code')).direction === 'ltr'")
        .await;
    tab.fits().await;
    tab.close().await;
}

/// A page in a browser whose user prefers these languages.
async fn speaking(ui: &Ui, languages: &str) -> Tab {
    let tab = Tab::open(1440, 900).await;
    let asked = format!("Object.defineProperty(navigator, 'languages', {{get: () => {languages}}})");
    tab.page().evaluate_on_new_document(asked).await.unwrap();
    tab.goto(&ui.url()).await;
    tab
}

/// Text of the Arabic catalogue under the id.
fn arabic(id: &str) -> String {
    let [english, arabic] =
        [Language::En, Language::Ar].map(|language| Catalogue::read(language, "page").expect("a catalogue"));
    let mut texts = arabic.texts(&english);
    let found = texts.find_map(|(own, text)| (own == id).then_some(text));
    found.unwrap_or_else(|| panic!("the Arabic catalogue has {id}"))
}

/// A session with names of a machine's that are longer than their room.
fn long_names(home: &Home, id: &str) -> Host {
    let host = Host::start(
        home,
        id,
        SessionInfo {
            target: "deployment/".to_owned() + &"a-long-name-".repeat(12),
            ..SessionInfo::default()
        },
    );
    let cmdline = ["node".to_owned()]
        .into_iter()
        .chain((0..40).map(|number| format!("--argument={number}")));
    host.tell(MonitorEvent::LayerConnected {
        pid: 7,
        parent_pid: None,
        process_name: Some("node".into()),
        cmdline: cmdline.collect(),
        cwd: None,
    });
    for routing in [Routing::Remote, Routing::NotFound] {
        let rule = Some("feature.fs.some.rule.that.has.a.long.name[0]");
        host.file(&format!("/srv/{}/data", "folder/".repeat(30)), "open", routing, rule);
        let names = [("postgres", routing), ("redis", routing)]
            .map(|(name, routing)| (name.to_owned() + &".svc.cluster.local".repeat(6), routing));
        for (host_name, routing) in names {
            host.tell_of(MonitorEvent::DnsQuery { host: host_name }, 7, routing, rule);
        }
    }
    host.connects("10.96.14.7", Routing::Remote);
    for port in [8080, 8081] {
        host.tell(MonitorEvent::PortSubscription {
            port,
            mode: "steal".into(),
            filter: Some("header x-user: ".to_owned() + &"dev".repeat(30)),
            address: None,
        });
    }
    host.tell(MonitorEvent::IncomingRequest {
        method: "GET".into(),
        path: "/api/".to_owned() + &"part/".repeat(40),
        host: "checkout.staging".into(),
    });
    host.tell(MonitorEvent::EnvVar {
        vars: vec![("NAME_".repeat(20), Some("value ".repeat(60)))],
    });
    host
}

/// Finds texts that lose their beginning: the first letter of each text that does not fit is out of its box.
const CUT_AT_THE_START: &str = "[...document.querySelectorAll('main h1, .session-row :is(.command-line, .target), .pill > bdi, .cell, .cell > span, .term bdi')].filter(it => {
    if (!it.offsetParent || !it.textContent || getComputedStyle(it).overflowX === 'visible') return false;
    // For screen readers alone, or without any room.
    if (getComputedStyle(it).clipPath !== 'none' || it.getBoundingClientRect().width < 2) return false;
    const text = document.createTreeWalker(it, NodeFilter.SHOW_TEXT, node => node.data.trim() ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP).nextNode();
    if (!text) return false;
    const range = document.createRange(), box = it.getBoundingClientRect(), at = text.data.search(/\\S/);
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    const first = range.getBoundingClientRect();
    return first.left < box.left - 1 || first.right > box.right + 1;
}).map(it => it.outerHTML.slice(0, 300))";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_machine_said_is_read_from_the_left_and_is_cut_off_at_its_end() {
    let (home, ui) = Ui::with_home().await;
    let _host = long_names(&home, "long-names");
    let tab = speaking(&ui, "['ar']").await;
    tab.shows("connection-state", &arabic("live")).await;
    tab.has("[data-session-id=long-names]").await;
    for width in [1280, 390] {
        tab.resize(width, 900).await;
        for view in VIEWS {
            tab.follow(&format!("#/s/long-names/{view}")).await;
            tab.becomes(&format!(
                "document.querySelector('[data-testid=\"view-{view}\"] :is(table, p)')"
            ))
            .await;
            let is_clipped = "(it => it.scrollWidth > it.clientWidth)(document.querySelector('main h1'))";
            tab.becomes(is_clipped).await;
            tab.becomes(&format!("!{CUT_AT_THE_START}.length")).await;
            tab.fits().await;
        }
    }
    tab.resize(1280, 900).await;
    tab.follow("#/s/long-names/files").await;
    // A path runs from the left, words from the right, and the rule in them from the left again.
    tab.becomes("(row => row && ['.name .cell', '.routing .cell', '.routing .tail'].map(it => getComputedStyle(row.querySelector(it)).direction).join() === 'ltr,rtl,ltr')(document.querySelector('tr.absent'))").await;
    tab.close_without_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_of_a_process_speaks_the_reader_s_language() {
    let mut scene = Scene::shell_that_read("page-words", "#/s/ID/events?type=Process").await;
    scene.session.run("/bin/true").await;
    let says =
        |word: &str| format!("[...document.querySelectorAll(\"{ROW}\")].some(it => it.innerText.includes('{word}'))");
    scene.becomes(&says("started")).await;
    scene.becomes(&says("ended")).await;
    scene.speak("de").await;
    scene.becomes(&says("gestartet")).await;
    scene.becomes(&says("beendet")).await;
    scene.becomes(&format!("!{}", says("ended"))).await;
    scene.close().await;
}
