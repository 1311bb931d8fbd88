//! A log's filters on a narrow phone: in a sheet, for a thumb, for keys and for who is read to.

use mirrord_tests::browser::{Tab, visible};
use mirrord_tests::program::Program;

use super::page::{mirror, paired};
use crate::page::row;

const IS_OPEN: &str = "document.querySelector('dialog#filters')?.matches(':modal')";
const FOCUSED: &str = "document.activeElement?.getAttribute('data-testid')";

/// Elements of the sheet that are too low for a thumb, or hang out of the window.
const MISPLACED: &str = "[...document.querySelectorAll('#filters :is(button, input, select)')].filter(it => it.checkVisibility()).filter(it => { const at = it.getBoundingClientRect(); return at.height < 44 || at.left < 0 || at.right > innerWidth || at.bottom > innerHeight }).map(it => it.outerHTML.slice(0, 99))";

async fn is_closed(tab: &Tab) {
    tab.becomes(&format!("!{IS_OPEN} && {FOCUSED} === 'filters-button'"))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_the_filters_are_in_a_sheet() {
    let (home, mirror) = mirror().await;
    let mut shell = Program::shell(&home, "sheet").await;
    let phone = paired(&mirror, 360).await;
    phone.click("[data-session-id='sheet']").await;
    shell.run("cat /etc/hostname; cat /etc/passwd").await;
    phone.becomes(&row("/etc/passwd")).await;
    for inside in ["type-filter-FileOp", "search", "filter-process"] {
        let shown: bool = phone.value(&format!("Boolean({})", visible(inside))).await;
        assert!(!shown, "{inside} waits in the sheet");
    }

    phone.click("[data-testid='filters-button']").await;
    phone.becomes(IS_OPEN).await;
    phone
        .becomes("document.activeElement?.closest('#filters') && document.activeElement.id !== 'search'")
        .await;
    let label: String = phone.value("document.getElementById('filters').ariaLabel").await;
    assert!(!label.is_empty(), "it has a name");
    assert_eq!(phone.value::<Vec<String>>(MISPLACED).await, Vec::<String>::new());
    phone.fits().await;
    phone.click("[data-testid='type-filter-DnsQuery']").await;
    phone.type_into("[data-testid='search']", "hostname").await;
    phone.press("Escape").await;
    is_closed(&phone).await;
    phone.shows("filters-button", "2").await;
    phone.becomes(&format!("!({})", row("/etc/passwd"))).await;
    phone.becomes(&row("/etc/hostname")).await;

    // The key for the search leads into it, and the browser's own keys stay in it.
    phone.press("/").await;
    phone
        .becomes(&format!("{IS_OPEN} && document.activeElement.id === 'search'"))
        .await;
    let typed: String = phone.value("document.getElementById('search').value").await;
    assert_eq!(typed, "hostname", "leaving it takes nothing back");
    for _ in 0..20 {
        phone.press("Tab").await;
        let stays = "!document.activeElement || document.activeElement === document.body || document.activeElement.closest('#filters')";
        assert!(phone.is(&format!("Boolean({stays})")).await);
    }
    phone.click("[data-testid='filters-clear']").await;
    phone.becomes(&row("/etc/passwd")).await;
    phone.click("#filters header button").await;
    is_closed(&phone).await;

    // With room they are a line again, and nothing stays open behind it.
    phone.click("[data-testid='filters-button']").await;
    phone.becomes(IS_OPEN).await;
    phone.resize(900, 600).await;
    phone
        .becomes(&format!(
            "{} && !document.querySelector('dialog[open]') && !byTestId('filters-button')",
            visible("type-filter-FileOp")
        ))
        .await;
    phone.resize(360, 800).await;
    phone.becomes(&visible("filters-button")).await;
    phone.close_without_complaints().await;
}
