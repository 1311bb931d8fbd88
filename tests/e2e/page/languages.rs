//! The page speaks the reader's language, from right to left too, and English where a catalogue cannot be had.

use mirrord_tests::browser::Tab;
use mirrord_tests::home::Home;
use mirrord_tests::ui::Ui;

use super::scene::{ROW, Scene};

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
