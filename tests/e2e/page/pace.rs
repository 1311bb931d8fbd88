//! The log under a rush: what it draws less often is still the newest, in order and whole; who reads sees nothing move; a
//! pause loses nothing; and a search that is typed letter by letter finds what one typed at once finds.

use std::ops::Deref;

use mirrord_tests::host::Host;
use mirrord_wire::Routing;

use super::scene::Scene;

/// More than a window shows, and less than a session's queue takes at once.
const BURST: u64 = 2_000;

/// The result of `rows`: the numbers shown, top to bottom; whether each row is right below the one before, shows
/// its own number, and the window is full to its lower edge.
const ROWS: &str = "(() => {
    const log = byTestId('log').getBoundingClientRect();
    const rows = [...document.querySelectorAll('[data-testid=log-row]')].map(row => ({ row, box: row.getBoundingClientRect() }));
    const seen = rows.filter(({ box }) => box.bottom > log.top + 1 && box.top < log.bottom - 1);
    const placed = rows.every(({ box }, at) => !at || Math.abs(box.top - rows[at - 1].box.bottom) < 1);
    const said = rows.every(({ row }) => row.innerText.includes(`/n/${row.dataset.seq} `) || row.innerText.includes(`/n/${row.dataset.seq}\\n`));
    const full = rows.length > 0 && rows.at(-1).box.bottom >= log.bottom - 1 && rows[0].box.top <= log.top + 1;
    return { seen: seen.map(({ row }) => Number(row.dataset.seq)), top: Math.round(seen[0]?.box.top ?? -1), whole: placed && said && full };
})()";

/// As English writes it.
fn grouped(number: u64) -> String {
    match (number / 1_000, number % 1_000) {
        (0, rest) => rest.to_string(),
        (thousands, rest) => format!("{thousands},{rest:03}"),
    }
}

struct Rush {
    page: Scene<Host>,
    told: u64,
}

impl Deref for Rush {
    type Target = Scene<Host>;

    fn deref(&self) -> &Scene<Host> {
        &self.page
    }
}

impl Rush {
    async fn open(id: &'static str) -> Self {
        let page = Scene::host(id, "#/s/ID/events").await;
        page.shows("following", "Following").await;
        Self { page, told: 0 }
    }

    /// Emits so many events, whose path is their number, and waits until the log has them all.
    async fn tell(&mut self, count: u64) {
        for _ in 0..count {
            self.told += 1;
            self.session
                .file(&format!("/n/{}", self.told), "open", Routing::Local, None);
        }
        let kept = format!(
            "byTestId('shown').innerText.includes('of {} shown')",
            grouped(self.told)
        );
        self.becomes(&kept).await;
    }

    async fn bursts(&mut self, count: u64) {
        for _ in 0..count {
            self.tell(BURST).await;
        }
    }

    /// Waits until the window shows rows up to this one, in order, each once and each in its place.
    async fn shows_up_to(&self, last: u64) {
        self.becomes(&format!(
                "(rows => rows.whole && rows.seen.at(-1) === {last} && rows.seen.every((seq, at) => seq === rows.seen[0] + at))({ROWS})"
            ))
            .await;
    }

    /// Puts the log to a place, as the bar at its side does.
    async fn scroll(&self, to: &str) {
        self.does(&format!("(log => log.scrollTop = {to})(byTestId('log'))"))
            .await;
        self.shows("following", "Not following").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_a_rush_follows_to_the_newest_row() {
    let mut rush = Rush::open("pace-rush").await;
    for _ in 0..4 {
        rush.tell(BURST).await;
        rush.shows_up_to(rush.told).await;
    }
    // Slower than a window a frame: rows stay in sight, and keep their elements.
    let kept = format!(
        "[...document.querySelectorAll('[data-testid=log-row]')].find(row => row.dataset.seq === '{}')",
        rush.told
    );
    rush.does(&format!("window.kept = {kept}")).await;
    for count in [1, 3, 1, 5] {
        rush.tell(count).await;
        rush.shows_up_to(rush.told).await;
    }
    assert!(rush.is(&format!("window.kept === {}", kept)).await);
    rush.page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_under_who_reads_and_the_way_to_both_ends_is_whole() {
    let mut rush = Rush::open("pace-read").await;
    rush.bursts(2).await;
    rush.shows_up_to(rush.told).await;
    rush.scroll("log.scrollHeight / 2").await;
    rush.becomes(&format!("{ROWS}.whole")).await;
    let before: serde_json::Value = rush.value(ROWS).await;
    rush.bursts(2).await;
    assert_eq!(rush.value::<serde_json::Value>(ROWS).await, before);
    // The first row stands at the very top, and no room above it.
    rush.scroll("0").await;
    rush.becomes(&format!(
            "(rows => rows.whole && rows.seen[0] === 1 && rows.top === Math.round(byTestId('log').getBoundingClientRect().top))({ROWS})"
        ))
        .await;
    rush.click("[data-testid='jump']").await;
    rush.shows_up_to(rush.told).await;
    rush.tell(7).await;
    rush.shows_up_to(rush.told).await;
    // To the end by hand is as good as by the button.
    rush.scroll("log.scrollHeight / 3").await;
    rush.does("(log => log.scrollTop = log.scrollHeight)(byTestId('log'))")
        .await;
    rush.becomes("byTestId('following').innerText.startsWith('Following')")
        .await;
    rush.tell(7).await;
    rush.shows_up_to(rush.told).await;
    rush.page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_in_a_rush_stands_still_and_loses_nothing() {
    let mut rush = Rush::open("pace-pause").await;
    rush.bursts(1).await;
    rush.shows_up_to(rush.told).await;
    rush.click("[data-testid='pause']").await;
    rush.bursts(2).await;
    rush.shows("waiting", "4,000").await;
    rush.shows_up_to(BURST).await;
    rush.click("[data-testid='pause']").await;
    rush.shows_up_to(rush.told).await;
    rush.shows("shown", "6,000").await;
    rush.page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_the_same_whether_typed_longer_shorter_or_at_once() {
    let mut rush = Rush::open("pace-search").await;
    rush.bursts(5).await;
    let search = async |text: &str, found: &str, last: u64| {
        rush.fill("search", text).await;
        rush.becomes(&format!(
            "byTestId('shown').innerText.match(/\\d[\\d,]*/)[0] === '{found}' && {ROWS}.seen.at(-1) === {last}"
        ))
        .await;
    };
    search("/N/9", "1,111", 9_999).await;
    search("/n/99", "111", 9_999).await;
    search("/n/998", "11", 9_989).await;
    search("/n/9", "1,111", 9_999).await;
    search("/n/9987", "1", 9_987).await;
    search("/n\\/99\\b/", "1", 99).await;
    search("", "10,000", 10_000).await;
    rush.page.close().await;
}
