//! Parts that the views of the mirror share.

use leptos::prelude::*;
use mirrord_wire::mirror::MirrorState;

use crate::i18n::{Key, count, t};
use crate::state::mirror::Field;
use crate::store::mirror::MirrorStore;

/// Word for the state of the mirror.
pub(super) fn word(mirror: MirrorStore) -> String {
    match mirror.status.read().as_ref() {
        None => String::new(),
        Some(status) => match status.state {
            MirrorState::Off => t(Key::MirrorOff).to_owned(),
            MirrorState::On if status.connected.is_empty() => t(Key::MirrorOn).to_owned(),
            MirrorState::On => count(Key::MirrorConnected, status.connected.len() as u64),
            MirrorState::Waiting => t(Key::MirrorWaiting).to_owned(),
            MirrorState::Failed => t(Key::MirrorFailed).to_owned(),
        },
    }
}

/// CSS classes of the dot beside it.
pub(super) fn health(mirror: MirrorStore) -> &'static str {
    match mirror.status.read().as_ref().map(|status| status.state) {
        Some(MirrorState::On) => "dot good",
        Some(MirrorState::Waiting | MirrorState::Failed) => "dot warn",
        _ => "dot",
    }
}

/// Error of a field, shown beside it.
pub(super) fn fault(mirror: MirrorStore, field: Field) -> AnyView {
    let says = Memo::new(move |_| mirror.faults.read().of(field).to_owned());
    let testid = ["fault-", field.name()].concat();
    view! {
        <p class="fault" role="alert" hidden=move || says.read().is_empty() id=testid.clone() data-testid=testid>
            {move || says.get()}
        </p>
    }
    .into_any()
}
