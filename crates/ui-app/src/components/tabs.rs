//! The views of a session as links, with what each holds in numbers. Links and not tabs in the sense of ARIA: each view
//! has an address, and opens in a new window like any other link.

use leptos::html::Ul;
use leptos::prelude::*;

use crate::erased::effect;
use crate::format::number::{grouped, short};
use crate::i18n::{Key, t, with};
use crate::state::kind::Counts;
use crate::state::log::{Load, SessionLog};
use crate::state::route::View;
use crate::state::sessions::Session;
use crate::store::SessionsStore;
use crate::store::app_state::{AppState, use_store};
use crate::store::log::LogStore;
use crate::store::moment::MomentStore;
use crate::store::route::RouteStore;

/// From here on a number is shortened; the view itself shows it in full.
const SHORTENED_FROM: u64 = 1_000_000;

/// A view's name.
pub(crate) fn name(view: View) -> Key {
    match view {
        View::Summary => Key::TabSummary,
        View::Events => Key::TabEvents,
        View::Files => Key::TabFiles,
        View::Network => Key::TabNetwork,
        View::Ports => Key::TabPorts,
        View::Environment => Key::TabEnvironment,
        View::Processes => Key::TabProcesses,
        View::Config => Key::TabConfig,
        View::Stats => Key::TabStats,
    }
}

/// Number of a view's items: events in the log, rows in the others; `None` for views without one, and while the log is
/// not loaded.
fn held(view: View, session: &Session, moment: Option<&Counts>, log: &SessionLog) -> Option<u64> {
    let aggregates = log.aggregates();
    let rows = match view {
        View::Events if log.followed().is_some() => return Some(aggregates.stats.seen()),
        View::Events => return Some(moment.map_or_else(|| session.counts().total(), Counts::total)),
        View::Files => aggregates.files.len(),
        View::Network => aggregates.network.destinations() + aggregates.network.hosts(),
        View::Ports => aggregates.ports.ports().len(),
        View::Environment => aggregates.environment.len(),
        View::Processes => aggregates.processes.all().len(),
        View::Summary | View::Config | View::Stats => return None,
    };
    Some(rows as u64).filter(|rows| *rows > 0 || log.load() == Load::Ready)
}

/// The tabs of the open session.
#[component]
pub(crate) fn Tabs() -> impl IntoView {
    let route: RouteStore = use_store();
    let current = Memo::new(move |_| route.current.read().view());
    let list = NodeRef::<Ul>::new();
    effect(move || {
        let selector = ["[data-testid=tab-", current.get().word(), "]"].concat();
        let Some(list) = list.get() else { return };
        // The one that is shown is in sight, also where the window is too narrow for all. The page itself does not move.
        if let Ok(Some(tab)) = list.query_selector(&selector) {
            let (own, all) = (tab.get_bounding_client_rect(), list.get_bounding_client_rect());
            if own.left() < all.left() || own.right() > all.right() {
                let by = own.left() + own.right() - all.left() - all.right();
                list.set_scroll_left(list.scroll_left() + (by / 2.0) as i32);
            }
        }
    });
    view! {
        <nav class="tabs" aria-label=t(Key::Views) data-testid="tabs">
            <ul node_ref=list>{View::ALL.map(|view| tab(view, current))}</ul>
        </nav>
    }
}

fn tab(view: View, current: Memo<View>) -> AnyView {
    let sessions: SessionsStore = use_store();
    let route: RouteStore = use_store();
    let log: LogStore = use_store();
    let moment: MomentStore = use_store();
    let href = Memo::new(move |_| route.current.read().with_view(view).fragment());
    let number = Memo::new(move |_| {
        let route = route.current.read();
        let id = route.session()?;
        sessions.with(|sessions| {
            let session = sessions.get(id)?;
            log.with(|log| held(view, session, moment.counts.read().as_ref(), log))
        })
    });
    // A view's failures, by the rules of the summary.
    let judgement = AppState::current().judgement;
    let failed = Memo::new(move |_| judgement.read().failed(view.word()));
    let says = move || match number.get() {
        None => String::new(),
        Some(number) if number < SHORTENED_FROM => grouped(number),
        Some(number) => short(number),
    };
    view! {
        <li>
            <a
                href=move || href.get() data-testid=["tab-", view.word()].concat()
                aria-current=move || (current.get() == view).then_some("page")
            >
                {t(name(view))}
                <span hidden=move || number.get().unwrap_or(0) == 0 class="number tabular">{move || says()}</span>
                <span hidden=move || failed.get() == 0 class="number tabular lost">{move || with(Key::Failures, &grouped(failed.get()))}</span>
            </a>
        </li>
    }
    .into_any()
}
