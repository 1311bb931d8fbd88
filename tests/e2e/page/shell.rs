//! The page around its views: addresses, the keyboard, the palette, what is remembered.

use mirrord_tests::browser::Tab;
use mirrord_tests::cluster::{Cluster, OPERATOR};
use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;

use super::scene::{ROW, Scene};

#[tokio::test(flavor = "multi_thread")]
async fn a_deep_link_opens_the_log_as_it_was_filtered() {
    let scene = Scene::shell_that_read("page-deep", "#/s/ID/events?type=FileOp&q=hostname").await;
    scene.text(ROW, "hostname").await;
    let rows = format!("[...document.querySelectorAll(\"{ROW}\")]");
    scene
        .becomes(&format!("{rows}.every(row => row.innerText.includes('hostname'))"))
        .await;
    assert_eq!(scene.value::<String>("byTestId('search').value").await, "hostname");
    scene
        .has("[data-testid='type-filter-DnsQuery'][aria-pressed='false']")
        .await;
    scene.at("#/s/ID/events?routing=remote").await;
    scene.has("[data-testid='log-state']:not([hidden])").await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn back_and_forward_take_a_choice_back_and_what_is_typed_is_one_step() {
    let scene = Scene::shell_that_read("page-back", "#/s/ID/events").await;
    scene.click("[data-testid='type-filter-DnsQuery']").await;
    scene
        .has("[data-testid='type-filter-DnsQuery'][aria-pressed='false']")
        .await;
    let filtered = scene.value::<String>("location.hash").await;
    assert!(filtered.contains("?type=FileOp,OutgoingConnection"), "{filtered}");
    let before: u32 = scene.value("history.length").await;
    scene.type_into("[data-testid='search']", "hostname").await;
    scene.is_at(&format!("{filtered}&q=hostname")).await;
    assert_eq!(
        scene.value::<u32>("history.length").await,
        before + 1,
        "eight letters, one step"
    );
    scene.does("history.back()").await;
    scene.is_at(&filtered).await;
    scene.becomes("byTestId('search').value === ''").await;
    scene.does("history.back()").await;
    scene
        .has("[data-testid='type-filter-DnsQuery'][aria-pressed='true']")
        .await;
    scene.does("history.forward()").await;
    scene
        .has("[data-testid='type-filter-DnsQuery'][aria-pressed='false']")
        .await;
    scene.close().await;
}

/// Types into the search box in one task with what comes behind it: no key has reached the address by then.
fn typed_and(text: &str, behind: &str) -> String {
    format!(
        "(() => {{
            const box = byTestId('search');
            for (const text of ['{text}'.slice(0, 1), '{text}']) {{
                box.value = text;
                box.dispatchEvent(new Event('input', {{ bubbles: true }}));
            }}
            {behind}
        }})()"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_a_link_or_a_button_changes_is_not_overwritten_by_a_key_before_it() {
    let scene = Scene::shell_that_read("page-behind", "#/s/ID/events").await;
    scene.has("[data-testid='log-state']").await;
    let place = scene.value::<String>("location.hash").await;
    let linked = format!("{place}?type=FileOp");
    scene
        .does(&typed_and("hostname", &format!("location.hash = '{linked}';")))
        .await;
    scene.becomes("byTestId('search').value === ''").await;
    // A key of its own has come to the address: the time of the one before is over.
    scene.type_into("[data-testid='search']", "ls").await;
    scene.is_at(&format!("{linked}&q=ls")).await;
    scene.does("history.back()").await;
    scene.is_at(&linked).await;
    scene.does(&typed_and("hostname", "history.back();")).await;
    scene.becomes("byTestId('search').value === ''").await;
    scene.type_into("[data-testid='search']", "ls").await;
    scene.is_at(&format!("{linked}&q=ls")).await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_filter_stays_while_views_change() {
    let scene = Scene::shell_that_read("page-tabs", "#/s/ID/events?q=hostname").await;
    scene.text(ROW, "hostname").await;
    scene.click("[data-testid='tab-files']").await;
    scene.is_at("#/s/ID/files?q=hostname").await;
    scene.has("[data-testid='tab-files'][aria-current='page']").await;
    scene.becomes("!byTestId('log')").await;
    scene.becomes("document.title.includes('Files')").await;
    scene.click("[data-testid='tab-events']").await;
    scene.is_at("#/s/ID/events?q=hostname").await;
    scene.text(ROW, "hostname").await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_go_to_views_and_are_left_alone_in_a_field_and_a_question_mark_lists_them() {
    let scene = Scene::shell_that_read("page-keys", "#/s/ID/events").await;
    scene.has(ROW).await;
    scene.press(&["g", "n"]).await;
    scene.is_at("#/s/ID/network").await;
    scene.press(&["g", "e"]).await;
    scene.is_at("#/s/ID/events").await;
    scene.has("[data-testid='log']").await;
    scene.press(&["/"]).await;
    scene.becomes("document.activeElement.id === 'search'").await;
    scene.press(&["g", "n", "p"]).await;
    scene.is_at("#/s/ID/events").await;
    scene.text("[data-testid='pause']", "Pause").await;
    scene.press(&["Escape", "p"]).await;
    scene.text("[data-testid='pause']", "Resume").await;
    scene.press(&["g", "s"]).await;
    scene.is_at("#/").await;
    // A question mark lists the keys, and the focus comes back.
    scene.at("#/s/ID/events").await;
    scene.has(ROW).await;
    scene.text("[data-testid='pause']", "Pause").await;
    scene.does("document.getElementById('log').focus()").await;
    scene.press(&["?"]).await;
    scene.has("dialog#keys[open]").await;
    scene.text("#keys", "Keyboard shortcuts").await;
    scene
        .becomes("document.activeElement.closest('dialog')?.id === 'keys'")
        .await;
    scene.press(&["p"]).await;
    scene.does("document.getElementById('keys').close()").await;
    scene.becomes("document.activeElement.id === 'log'").await;
    scene.text("[data-testid='pause']", "Pause").await;
    // Single letters can be turned off as shortcuts.
    scene.does("byTestId('single-keys').click()").await;
    scene.press(&["g", "n", "p"]).await;
    scene.press(&["Ctrl+k"]).await;
    scene.has("dialog#palette[open]").await;
    scene.is_at("#/s/ID/events").await;
    scene.text("[data-testid='pause']", "Pause").await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_palette_finds_sessions_views_and_preferences() {
    let scene = Scene::shell_that_read("page-palette", "#/").await;
    scene.press(&["Ctrl+k"]).await;
    scene.has("dialog#palette[open] [role='option']").await;
    scene.type_into("[data-testid='palette-input']", "sess sh").await;
    scene.text("#palette [aria-selected='true']", "sh").await;
    scene.press(&["Enter"]).await;
    scene.is_at("#/s/ID").await;
    scene.press(&["Ctrl+k"]).await;
    scene.type_into("[data-testid='palette-input']", "netw").await;
    scene.text("#palette [aria-selected='true']", "Network").await;
    scene.press(&["Enter"]).await;
    scene.is_at("#/s/ID/network").await;
    scene.press(&["Ctrl+k"]).await;
    scene.type_into("[data-testid='palette-input']", "dark").await;
    scene.press(&["Enter"]).await;
    scene.has("html[data-theme='dark']").await;
    scene.press(&["Ctrl+k"]).await;
    scene.type_into("[data-testid='palette-input']", "qqqq").await;
    scene.text("#palette", "Nothing is called that.").await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_preferred_is_there_again_after_a_reload() {
    let scene = Scene::shell_that_read("page-prefer", "#/s/ID/events").await;
    scene.has(ROW).await;
    let height = format!("document.querySelector(\"{ROW}\").offsetHeight");
    let compact: u32 = scene.value(&height).await;
    scene.click("[data-testid='preferences-button']").await;
    scene.click("[data-testid='theme-2']").await;
    scene.click("[data-testid='density-1']").await;
    scene.click("[data-testid='times-2']").await;
    scene.has("html[data-theme='dark'][data-density='comfortable']").await;
    scene.becomes(&format!("{height} > {compact}")).await;
    scene.text("#log", "+0").await;
    scene.reload().await;
    scene.has("html[data-theme='dark'][data-density='comfortable']").await;
    scene.text("#log", "+0").await;
    scene.becomes(&format!("{height} > {compact}")).await;
    // What is stored and broken is ignored.
    scene
        .does("localStorage.setItem('mirrord.preferences', '1;theme=\\u0000;density=comfortable;x')")
        .await;
    scene.reload().await;
    scene.has("html[data-theme='system'][data-density='comfortable']").await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chosen_theme_is_there_before_the_page_is() {
    let (_home, ui) = Ui::with_home().await;
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
        tab.does(&format!("{choose}, window.isStale = true, location.reload()"))
            .await;
        tab.becomes(&format!(
            "!window.isStale && document.getElementById('boot') && getComputedStyle(document.body).backgroundColor === '{ground}'"
        ))
        .await;
    }
    tab.close_without_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_where_it_was_when_its_reader_comes_back() {
    let mut scene = Scene::shell_that_read("page-place", "#/s/ID/events").await;
    scene
        .session
        .run("i=0; while [ $i -lt 300 ]; do read line < /etc/hostname; i=$((i + 1)); done")
        .await;
    let log = "document.getElementById('log')";
    scene.becomes(&format!("{log}.scrollTop > 5000")).await;
    scene.does(&format!("{log}.scrollTop = 2600")).await;
    scene.text("[data-testid='following']", "").await;
    scene.has("[data-testid='jump']:not([hidden])").await;
    scene.click("[data-testid='tab-files']").await;
    scene.becomes(&format!("!{log}")).await;
    scene.click("[data-testid='tab-events']").await;
    scene.becomes(&format!("Math.abs({log}.scrollTop - 2600) <= 26")).await;
    scene.has("[data-testid='jump']:not([hidden])").await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_says_when_it_is_tried_again() {
    let (home, ui) = Ui::with_home().await;
    let _shell = Program::shell(&home, "page-lost").await;
    let tab = Tab::at(&ui.url()).await;
    tab.shows("session-list", "sh").await;
    assert!(ui.interrupt().await.success());
    // In words and with a countdown; read out without one, or it would be read out every second.
    tab.becomes("/^Retrying in \\d+ s/.test(byTestId('connection-state').innerText)")
        .await;
    let told = "document.querySelector('header .off-screen[role=status]').textContent";
    tab.becomes(&format!("{told}.length > 3 && !/\\d/.test({told})")).await;
    tab.becomes("byTestId('retry').offsetHeight >= 24").await;
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
        let tab = Tab::at(&ui.url()).await;
        for part in ["Teams", "Example & <b>Sons</b>", says] {
            tab.shows("edition", part).await;
        }
        tab.becomes(&format!(
            "byTestId('edition').classList.contains('warned') === {warned}"
        ))
        .await;
        tab.becomes("!byTestId('upgrade').offsetHeight").await;
        tab.close().await;
    }
}
