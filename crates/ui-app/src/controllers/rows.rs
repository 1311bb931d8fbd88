//! Controller of the chosen row: keeps it in the address, and chooses the one that an address names once its log is
//! loaded.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{How, sleep};
use crate::state::log::Load;
use crate::state::route::RowId;
use crate::store::app_state::AppState;

/// Time that a choice has to stay before it is written into the address: browsers limit how often that may change.
const SETTLED_MS: u32 = 250;

/// Follows for as long as the page is open.
pub(crate) fn follow(state: AppState) {
    let wanted = Memo::new(move |_| state.route.current.read().row);
    let is_loaded = Memo::new(move |_| {
        state.log.frame.track();
        let opened = state.log.opened.get();
        state.log.with(|log| log.load() == Load::Ready).then_some(opened)
    });
    Effect::new(move |before: Option<Option<RowId>>| {
        let row = wanted.get();
        let chosen = state.log.row();
        match (row, is_loaded.get()) {
            (Some(row), Some(_)) if chosen != Some(row) => state.log.choose(row),
            (Some(_), None) => {}
            _ => {
                // The address does not ask for a row that is not kept any more.
                if state.log.absent.get_untracked().is_some() {
                    state.log.absent.set(None);
                }
                // Back to an address without the row that was chosen.
                if row.is_none() && chosen.is_some() && chosen == before.flatten() {
                    state.log.selected.set(None);
                }
            }
        }
        row
    });
    let chosen = Memo::new(move |_| state.log.selected.get());
    Effect::new(move |before: Option<Option<u64>>| {
        let now = chosen.get();
        // Nothing was chosen and nothing is: the address may name a row that is still to come.
        if before.flatten().is_some() || now.is_some() {
            spawn_local(write(state, now));
        }
        now
    });
}

/// Writes a choice into the address, unless another one or another log has come since.
async fn write(state: AppState, chosen: Option<u64>) {
    let opened = state.log.opened.get_untracked();
    sleep(SETTLED_MS, drop).await;
    if state.log.selected.get_untracked() == chosen && state.log.opened.get_untracked() == opened {
        let row = state.log.row();
        if row.is_some() {
            state.log.absent.set(None);
        }
        state.route.update(How::Replace, |route| route.row = row);
    }
}
