//! The page around its views: addresses, the keyboard, the palette, what is remembered, languages.

use mirrord_tests::browser::Tab;
use mirrord_tests::cluster::{Cluster, OPERATOR};
use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;

/// A browser on a session of its own, with one row that says `/etc/hostname`.
struct Scene<'home> {
    tab: Tab,
    _ui: Ui,
    shell: Program<'home>,
    id: &'static str,
}

impl<'home> Scene<'home> {
    async fn open(home: &'home Home, id: &'static str, fragment: &str) -> Self {
        let ui = Ui::start(home).await;
        let mut shell = Program::shell(home, id).await;
        shell.run("read line < /etc/hostname; read line < /etc/passwd").await;
        let tab = Tab::open(1440, 900).await;
        tab.goto(&ui.url()).await;
        tab.shows("connection-state", "Live").await;
        tab.becomes(&format!("document.querySelector('[data-session-id=\"{id}\"]')"))
            .await;
        let scene = Self {
            tab,
            _ui: ui,
            shell,
            id,
        };
        scene.at(fragment).await;
        scene
    }

    /// Follows a link, as a reader of a message would.
    async fn at(&self, fragment: &str) {
        let link = serde_json::to_string(&fragment.replace("ID", self.id)).unwrap();
        self.tab.value::<String>(&format!("location.hash = {link}")).await;
    }

    async fn is_at(&self, fragment: &str) {
        let wanted = serde_json::to_string(&fragment.replace("ID", self.id)).unwrap();
        self.tab.becomes(&format!("location.hash === {wanted}")).await;
    }

    async fn has(&self, selector: &str) {
        let selector = serde_json::to_string(selector).unwrap();
        self.tab.becomes(&format!("document.querySelector({selector})")).await;
    }

    async fn text(&self, selector: &str, text: &str) {
        let [selector, text] = [selector, text].map(|text| serde_json::to_string(text).unwrap());
        let shows = format!("document.querySelector({selector})?.innerText.includes({text})");
        self.tab.becomes(&shows).await;
    }

    /// Presses keys one after the other, on whatever has the focus.
    async fn press(&self, keys: &[&str]) {
        for key in keys {
            let (key, control) = key.strip_prefix("Ctrl+").map_or((*key, false), |key| (key, true));
            let key = serde_json::to_string(key).unwrap();
            let event = format!(
                "new KeyboardEvent('keydown', {{key: {key}, ctrlKey: {control}, bubbles: true, cancelable: true}})"
            );
            let target = "(document.activeElement ?? document.body)";
            self.tab
                .value::<bool>(&format!("{target}.dispatchEvent({event})"))
                .await;
        }
    }

    /// Runs an expression that has no value.
    async fn run(&self, expression: &str) {
        self.tab.value::<bool>(&format!("({expression}, true)")).await;
    }

    /// Loads the page again, and waits until the page before it is gone.
    async fn reload(&self) {
        self.run("window.isStale = true, location.reload()").await;
        self.tab
            .becomes("!window.isStale && document.querySelector('header.top')")
            .await;
    }

    /// Chooses a language in the menu.
    async fn speak(&self, tag: &str) {
        let choose = "it.dispatchEvent(new Event('change', {bubbles: true}))";
        self.run(&format!(
            "(it => (it.focus(), it.value = '{tag}', {choose}))(document.getElementById('language'))"
        ))
        .await;
    }

    async fn close(self) {
        assert_eq!(self.tab.complaints(), Vec::<String>::new());
        self.tab.close().await;
        self.shell.finish().await;
    }
}

const ROW: &str = "[data-testid='log-row']:not([hidden])";

#[tokio::test(flavor = "multi_thread")]
async fn a_deep_link_opens_the_log_as_it_was_filtered() {
    let home = Home::new();
    let scene = Scene::open(&home, "page-deep", "#/s/ID?type=FileOp&q=hostname").await;
    scene.text(ROW, "hostname").await;
    let rows = format!("[...document.querySelectorAll(\"{ROW}\")]");
    scene
        .tab
        .becomes(&format!("{rows}.every(row => row.innerText.includes('hostname'))"))
        .await;
    assert_eq!(
        scene
            .tab
            .value::<String>("document.querySelector('[data-testid=search]').value")
            .await,
        "hostname"
    );
    scene
        .has("[data-testid='type-filter-DnsQuery'][aria-pressed='false']")
        .await;
    scene.at("#/s/ID?routing=remote").await;
    scene.has("[data-testid='log-state']:not([hidden])").await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn back_and_forward_take_a_choice_back_and_what_is_typed_is_one_step() {
    let home = Home::new();
    let scene = Scene::open(&home, "page-back", "#/s/ID").await;
    scene.tab.click("[data-testid='type-filter-DnsQuery']").await;
    scene
        .has("[data-testid='type-filter-DnsQuery'][aria-pressed='false']")
        .await;
    let filtered = scene.tab.value::<String>("location.hash").await;
    assert!(filtered.contains("?type=FileOp,OutgoingConnection"), "{filtered}");
    let before: u32 = scene.tab.value("history.length").await;
    scene.tab.type_into("[data-testid='search']", "hostname").await;
    scene.is_at(&format!("{filtered}&q=hostname")).await;
    assert_eq!(
        scene.tab.value::<u32>("history.length").await,
        before + 1,
        "eight letters, one step"
    );
    scene.run("history.back()").await;
    scene.is_at(&filtered).await;
    scene
        .tab
        .becomes("document.querySelector('[data-testid=search]').value === ''")
        .await;
    scene.run("history.back()").await;
    scene
        .has("[data-testid='type-filter-DnsQuery'][aria-pressed='true']")
        .await;
    scene.run("history.forward()").await;
    scene
        .has("[data-testid='type-filter-DnsQuery'][aria-pressed='false']")
        .await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_filter_stays_while_views_change() {
    let home = Home::new();
    let scene = Scene::open(&home, "page-tabs", "#/s/ID?q=hostname").await;
    scene.text(ROW, "hostname").await;
    scene.tab.click("[data-testid='tab-files']").await;
    scene.is_at("#/s/ID/files?q=hostname").await;
    scene.has("[data-testid='tab-files'][aria-current='page']").await;
    scene.tab.becomes("!document.querySelector('[data-testid=log]')").await;
    scene.tab.becomes("document.title.includes('Files')").await;
    scene.tab.click("[data-testid='tab-events']").await;
    scene.is_at("#/s/ID?q=hostname").await;
    scene.text(ROW, "hostname").await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_go_to_views_and_are_left_alone_in_a_field() {
    let home = Home::new();
    let scene = Scene::open(&home, "page-keys", "#/s/ID").await;
    scene.has(ROW).await;
    scene.press(&["g", "n"]).await;
    scene.is_at("#/s/ID/network").await;
    scene.press(&["g", "e"]).await;
    scene.is_at("#/s/ID").await;
    scene.has("[data-testid='log']").await;
    scene.press(&["/"]).await;
    scene.tab.becomes("document.activeElement.id === 'search'").await;
    scene.press(&["g", "n", "p"]).await;
    scene.is_at("#/s/ID").await;
    scene.text("[data-testid='pause']", "Pause").await;
    scene.press(&["Escape", "p"]).await;
    scene.text("[data-testid='pause']", "Resume").await;
    scene.press(&["g", "s"]).await;
    scene.is_at("#/").await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_mark_lists_the_keys_and_the_focus_comes_back() {
    let home = Home::new();
    let scene = Scene::open(&home, "page-help", "#/s/ID").await;
    scene.has(ROW).await;
    scene.run("document.getElementById('log').focus()").await;
    scene.press(&["?"]).await;
    scene.has("dialog#keys[open]").await;
    scene.text("#keys", "Keyboard shortcuts").await;
    scene
        .tab
        .becomes("document.activeElement.closest('dialog')?.id === 'keys'")
        .await;
    scene.press(&["p"]).await;
    scene.run("document.getElementById('keys').close()").await;
    scene.tab.becomes("document.activeElement.id === 'log'").await;
    scene.text("[data-testid='pause']", "Pause").await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_palette_finds_sessions_views_and_preferences() {
    let home = Home::new();
    let scene = Scene::open(&home, "page-palette", "#/").await;
    scene.press(&["Ctrl+k"]).await;
    scene.has("dialog#palette[open] [role='option']").await;
    scene.tab.type_into("[data-testid='palette-input']", "targetl").await;
    scene.text("#palette [aria-selected='true']", "sh").await;
    scene.press(&["Enter"]).await;
    scene.is_at("#/s/ID").await;
    scene.press(&["Ctrl+k"]).await;
    scene.tab.type_into("[data-testid='palette-input']", "netw").await;
    scene.text("#palette [aria-selected='true']", "Network").await;
    scene.press(&["Enter"]).await;
    scene.is_at("#/s/ID/network").await;
    scene.press(&["Ctrl+k"]).await;
    scene.tab.type_into("[data-testid='palette-input']", "dark").await;
    scene.press(&["Enter"]).await;
    scene.has("html[data-theme='dark']").await;
    scene.press(&["Ctrl+k"]).await;
    scene.tab.type_into("[data-testid='palette-input']", "qqqq").await;
    scene.text("#palette", "Nothing is called that.").await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_preferred_is_there_again_after_a_reload() {
    let home = Home::new();
    let scene = Scene::open(&home, "page-prefer", "#/s/ID").await;
    scene.has(ROW).await;
    let height = format!("document.querySelector(\"{ROW}\").offsetHeight");
    let compact: u32 = scene.tab.value(&height).await;
    scene.tab.click("[data-testid='preferences-button']").await;
    scene.tab.click("[data-testid='theme-2']").await;
    scene.tab.click("[data-testid='density-1']").await;
    scene.tab.click("[data-testid='times-2']").await;
    scene.has("html[data-theme='dark'][data-density='comfortable']").await;
    scene.tab.becomes(&format!("{height} > {compact}")).await;
    scene.text("#log", "+0").await;
    scene.reload().await;
    scene.has("html[data-theme='dark'][data-density='comfortable']").await;
    scene.text("#log", "+0").await;
    scene.tab.becomes(&format!("{height} > {compact}")).await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_and_broken_is_ignored() {
    let home = Home::new();
    let scene = Scene::open(&home, "page-broken", "#/").await;
    scene
        .run("localStorage.setItem('mirrord.preferences', '1;theme=\\u0000;density=comfortable;x')")
        .await;
    scene.reload().await;
    scene.has("html[data-theme='system'][data-density='comfortable']").await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_language_is_spoken_at_once_and_english_again() {
    let home = Home::new();
    let scene = Scene::open(&home, "page-german", "#/s/ID").await;
    scene.has(ROW).await;
    scene.tab.click("[data-testid='preferences-button']").await;
    let fetched = "performance.getEntriesByType('resource').filter(it => it.name.includes('/i18n/')).length";
    assert_eq!(scene.tab.value::<u32>(fetched).await, 0, "English is built in");
    scene.speak("de").await;
    scene.has("html[lang='de'][dir='ltr']").await;
    scene.text("[data-testid='tab-events']", "Ereignisse").await;
    scene.text("#log", "Datei").await;
    scene.tab.becomes("document.activeElement.id === 'language'").await;
    assert_eq!(scene.tab.value::<u32>(fetched).await, 1);
    scene.reload().await;
    scene.text("[data-testid='tab-events']", "Ereignisse").await;
    scene.speak("en").await;
    scene.text("[data-testid='tab-events']", "Events").await;
    scene.has("html[lang='en']").await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_catalogue_a_language_is_english() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let tab = Tab::open(1440, 900).await;
    tab.goto(&ui.url()).await;
    tab.shows("connection-state", "Live").await;
    // A language that was chosen; and catalogues of which none has it, and then one that has it in name alone.
    for names in ["", "ja-00000000"] {
        let names = format!(
            "document.addEventListener('readystatechange', () => {{
                const names = document.querySelector('meta[name=catalogues]');
                if (names) names.content = '{names}';
            }});"
        );
        tab.page().evaluate_on_new_document(names).await.unwrap();
        let choose =
            "localStorage.setItem('mirrord.preferences', '1;language=ja'), window.isStale = true, location.reload()";
        tab.value::<bool>(&format!("({choose}, true)")).await;
        tab.becomes("!window.isStale && document.documentElement.lang === 'en'")
            .await;
        tab.shows("connection-state", "Live").await;
        tab.shows("empty-state", "mirrord exec --").await;
    }
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_s_own_language_is_spoken() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let tab = Tab::open(1440, 900).await;
    let asked = "Object.defineProperty(navigator, 'languages', {get: () => ['de-AT', 'en']})";
    tab.page().evaluate_on_new_document(asked).await.unwrap();
    tab.goto(&ui.url()).await;
    tab.shows("connection-state", "Live").await;
    tab.becomes("document.documentElement.lang === 'de'").await;
    tab.shows("empty-state", "Es läuft keine Sitzung").await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_from_right_to_left_turns_the_page_around() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let tab = Tab::open(1440, 900).await;
    // A catalogue that says one thing; whatever it does not say is English.
    let catalogue = "const real = window.fetch;
        window.fetch = (url, how) => String(url).includes('/i18n/ar-') ? Promise.resolve(new Response('mirrord')) : real(url, how);
        document.addEventListener('readystatechange', () => {
            const names = document.querySelector('meta[name=catalogues]');
            if (names && !names.content.includes('ar-')) names.content += ' ar-0';
        });
        Object.defineProperty(navigator, 'languages', {get: () => ['ar-EG']});";
    tab.page().evaluate_on_new_document(catalogue).await.unwrap();
    tab.goto(&ui.url()).await;
    tab.shows("connection-state", "Live").await;
    tab.becomes("document.documentElement.dir === 'rtl' && document.documentElement.lang === 'ar'")
        .await;
    let right = "document.querySelector('.brand').getBoundingClientRect().left > innerWidth / 2";
    tab.becomes(right).await;
    // A command is read from the left in every language.
    tab.becomes("getComputedStyle(document.querySelector('.command code')).direction === 'ltr'")
        .await;
    assert!(
        tab.value::<bool>("document.documentElement.scrollWidth <= innerWidth")
            .await
    );
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn single_letters_can_be_turned_off_as_shortcuts() {
    let home = Home::new();
    let scene = Scene::open(&home, "page-letters", "#/s/ID").await;
    scene.has(ROW).await;
    scene
        .run("document.querySelector('[data-testid=single-keys]').click()")
        .await;
    scene.press(&["g", "n", "p"]).await;
    scene.press(&["Ctrl+k"]).await;
    scene.has("dialog#palette[open]").await;
    scene.is_at("#/s/ID").await;
    scene.text("[data-testid='pause']", "Pause").await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chosen_theme_is_there_before_the_page_is() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let tab = Tab::open(1440, 900).await;
    tab.prefer("light").await;
    tab.goto(&ui.url()).await;
    tab.shows("connection-state", "Live").await;
    // From now on the page's own code never starts.
    let never = "WebAssembly.instantiate = WebAssembly.instantiateStreaming = () => new Promise(() => {})";
    tab.page().evaluate_on_new_document(never).await.unwrap();
    for (stored, ground) in [
        ("1;theme=dark;density=compact", "rgb(14, 17, 22)"),
        ("1;density=compact;theme=light", "rgb(246, 247, 249)"),
        ("2;theme=dark", "rgb(246, 247, 249)"),
        ("1;theme=darkest", "rgb(246, 247, 249)"),
    ] {
        let choose = format!("localStorage.setItem('mirrord.preferences', '{stored}')");
        tab.value::<bool>(&format!("({choose}, window.isStale = true, location.reload(), true)"))
            .await;
        tab.becomes(&format!(
            "!window.isStale && document.getElementById('boot') && getComputedStyle(document.body).backgroundColor === '{ground}'"
        ))
        .await;
    }
    assert_eq!(tab.complaints(), Vec::<String>::new());
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_where_it_was_when_its_reader_comes_back() {
    let home = Home::new();
    let mut scene = Scene::open(&home, "page-place", "#/s/ID").await;
    scene
        .shell
        .run("i=0; while [ $i -lt 300 ]; do read line < /etc/hostname; i=$((i + 1)); done")
        .await;
    let log = "document.getElementById('log')";
    scene.tab.becomes(&format!("{log}.scrollTop > 5000")).await;
    scene.run(&format!("{log}.scrollTop = 2600")).await;
    scene.text("[data-testid='following']", "").await;
    scene.has("[data-testid='jump']:not([hidden])").await;
    scene.tab.click("[data-testid='tab-files']").await;
    scene.tab.becomes(&format!("!{log}")).await;
    scene.tab.click("[data-testid='tab-events']").await;
    scene
        .tab
        .becomes(&format!("Math.abs({log}.scrollTop - 2600) <= 26"))
        .await;
    scene.has("[data-testid='jump']:not([hidden])").await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_of_a_process_speaks_the_reader_s_language() {
    let home = Home::new();
    let mut scene = Scene::open(&home, "page-words", "#/s/ID?type=Process").await;
    scene.shell.run("/bin/true").await;
    let says = |word: &str| {
        format!("[...document.querySelectorAll(\"{ROW} .text\")].some(it => it.innerText.includes('{word}'))")
    };
    scene.tab.becomes(&says("started ")).await;
    scene.tab.becomes(&says("ended")).await;
    scene.speak("de").await;
    scene.tab.becomes(&says("gestartet ")).await;
    scene.tab.becomes(&says("beendet")).await;
    scene.tab.becomes(&format!("!{}", says("ended"))).await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_says_when_it_is_tried_again() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let _shell = Program::shell(&home, "page-lost").await;
    let tab = Tab::open(1440, 900).await;
    tab.goto(&ui.url()).await;
    tab.shows("session-list", "sh").await;
    assert!(ui.interrupt().await.success());
    // In words and with a countdown; read out without one, or it would be read out every second.
    tab.becomes("/^Retrying in \\d+ s/.test(document.querySelector('[data-testid=connection-state]').innerText)")
        .await;
    let told = "document.querySelector('header [role=status]').textContent";
    tab.becomes(&format!("{told}.length > 3 && !/\\d/.test({told})")).await;
    tab.becomes("document.querySelector('[data-testid=retry]').offsetHeight >= 24")
        .await;
    // What was seen stays in sight.
    tab.shows("session-list", "sh").await;
    tab.close().await;
}

const LICENSE: &str = r#"{"apiVersion":"operator.metalbear.co/v1","kind":"MirrordOperator","metadata":{"name":"operator"},
"spec":{"operator_version":"3.120.0","default_namespace":"default","supported_features":[],
"license":{"name":"Ada","organization":"Example & <b>Sons</b>","expire_at":"UNTIL","fingerprint":"3f","subscription_id":"s7"}},
"status":{"sessions":[],"statistics":{"dau":1,"mau":2}}}"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_header_says_whose_teams_it_is_and_until_when() {
    for (until, says, warned) in [("2999-01-01", "2999", false), ("2001-02-03", "2001", true)] {
        let home = Home::new();
        let license = LICENSE.replace("UNTIL", until);
        let cluster = Cluster::start(&[(OPERATOR, 200, &license)]).await;
        let mut command = home.mirrord(["ui", "--no-open", "--port", "0"]);
        command.env("KUBECONFIG", cluster.kubeconfig(home.path(), "    token: very-secret"));
        let ui = Ui::spawn(command).await;
        let tab = Tab::open(1440, 900).await;
        tab.goto(&ui.url()).await;
        for part in ["Teams", "Example & <b>Sons</b>", says] {
            tab.shows("edition", part).await;
        }
        tab.becomes(&format!(
            "document.querySelector('[data-testid=edition]').classList.contains('warned') === {warned}"
        ))
        .await;
        tab.becomes("!document.querySelector('[data-testid=upgrade]').offsetHeight")
            .await;
        tab.close().await;
    }
}
