//! Sign-in of the page: a cookie and a key that its own origin keeps, of which neither does anything alone.

use mirrord_tests::browser::Tab;
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;

const LIVE: &str = "byTestId('connection-state')?.innerText.includes('Live')";
const STATUS: &str = "fetch('/api/version').then(answer => answer.status)";

#[tokio::test(flavor = "multi_thread")]
async fn the_address_signs_in_and_keeps_its_place_and_no_secret() {
    let (home, ui) = Ui::with_home().await;
    let _shell = Program::shell(&home, "deep").await;
    let tab = Tab::open(1200, 800).await;
    tab.goto(&format!("{}#/s/deep/files", ui.url())).await;
    tab.becomes(LIVE).await;
    tab.has("[data-testid='view-files']").await;
    let address = tab.value::<String>("location.href").await;
    assert_eq!(
        address,
        format!("http://{}/#/s/deep/files", ui.address),
        "neither token nor code"
    );
    assert_eq!(
        tab.value::<String>("document.cookie").await,
        "",
        "no script reads the cookie"
    );
    let kept = tab.value::<String>("JSON.stringify({...localStorage})").await;
    assert!(kept.contains("mirrord.page-key") && !kept.contains(&ui.token), "{kept}");
    assert_eq!(tab.complaints(), [""; 0]);

    // The browser's cookie alone, as another port of this host would be sent it, opens nothing.
    assert_eq!(tab.value::<u16>(STATUS).await, 401);
    tab.does("window.isOld = true").await;
    tab.does("location.reload()").await;
    tab.becomes(&format!("!window.isOld && {LIVE}")).await;
    tab.does("localStorage.removeItem('mirrord.page-key'), location.reload()")
        .await;
    tab.shows("signed-out", "mirrord ui url").await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tab_goes_on_when_another_one_signs_in_to_a_server_that_was_started_again() {
    let (home, ui) = Ui::with_home().await;
    let port = ui.address.port().to_string();
    let tab = Tab::open(1200, 800).await;
    tab.goto(&ui.url()).await;
    tab.becomes(LIVE).await;
    tab.does("window.isTheSame = true").await;
    assert!(ui.interrupt().await.success());
    let ui = Ui::start_with(&home, &["--port", &port]).await;
    tab.shows("signed-out", "mirrord ui url").await;
    let _other = tab.beside(&ui.url()).await;
    tab.becomes(&format!("window.isTheSame && {LIVE}")).await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_pages_do_not_keep_the_next_one_out() {
    let (_home, ui) = Ui::with_home().await;
    let tab = Tab::open(1200, 800).await;
    tab.goto(&ui.url()).await;
    tab.becomes(LIVE).await;
    let open = "(() => {
        const key = localStorage.getItem('mirrord.page-key');
        const names = ['mirrord.events', `mirrord.page-key.${key}`];
        window.all = Array.from({length: 250}, () => new WebSocket(`ws://${location.host}/ws`, names));
    })()";
    tab.does(open).await;
    tab.becomes("window.all.every(own => own.readyState !== WebSocket.CONNECTING)")
        .await;
    assert!(
        tab.is("window.all.some(own => own.readyState === WebSocket.OPEN && own.protocol === 'mirrord.events')")
            .await
    );
    let next = tab.beside(&ui.url()).await;
    let is_live = async || next.evaluate(LIVE).await.ok()?.into_value::<bool>().ok()?.then_some(());
    mirrord_tests::eventually("the next page is live", is_live).await;
    tab.close().await;
}
