//! A ticket for one device: the QR code, the address beside it, how long it is good for, and who has taken it.

use leptos::prelude::*;
use mirrord_wire::mirror::{MirrorState, TicketState};

use super::parts::fault;
use crate::api::socket::ApiHandle;
use crate::components::copy::CopyButton;
use crate::controllers::mirror::create_ticket;
use crate::erased::handler;
use crate::format::text::shown;
use crate::i18n::{Key, t, with};
use crate::state::mirror::{Field, Qr, fate, qr, seconds_left};
use crate::store::app_state::use_store;
use crate::store::connection::ConnectionStore;
use crate::store::mirror::MirrorStore;

/// Initial time to live of a ticket as shown: the page's clock ticks once a second, and lags behind the server's until
/// then.
const MOST_SECONDS: u64 = 5 * 60;

/// The whole.
pub(crate) fn pairing() -> AnyView {
    let connection: ConnectionStore = use_store();
    let mirror: MirrorStore = use_store();
    let api: ApiHandle = expect_context();
    let is_on = move || {
        mirror
            .status
            .read()
            .as_ref()
            .is_some_and(|status| status.state == MirrorState::On)
    };
    let ticket = Memo::new(move |_| mirror.ticket.get());
    let left = Memo::new(move |_| {
        ticket
            .read()
            .as_ref()
            .map_or(0, |shown| seconds_left(&shown.expires_at, connection.now.get()))
            .min(MOST_SECONDS)
    });
    // Whether the server says that it is open, and the device that it let in, by its name.
    let told = Memo::new(move |_| {
        let (ticket, status, devices) = (ticket.read(), mirror.status.read(), mirror.devices.read());
        let tickets = status.as_ref().map_or(&[][..], |status| &status.tickets);
        let (state, by) = fate(tickets, ticket.as_ref().map_or(0, |shown| shown.number));
        let device = by.and_then(|id| devices.iter().find(|device| device.id == id));
        (state == TicketState::Open, device.map(|device| shown(&device.name, 60)))
    });
    let says = move || match told.get() {
        (_, Some(name)) => with(Key::MirrorUsedBy, &name),
        (true, None) if left.get() > 0 => with(Key::MirrorTimeLeft, &clock(left.get())),
        _ => t(Key::MirrorTooOld).to_owned(),
    };
    // A code that is used up, or too old, is not there to be scanned.
    let is_good = move || ticket.read().is_some() && told.read().0 && left.get() > 0;
    let url = move || {
        ticket
            .read()
            .as_ref()
            .map(|shown| shown.url.clone())
            .unwrap_or_default()
    };
    let drawn = Memo::new(move |_| ticket.read().as_ref().and_then(|shown| qr(&shown.svg)));
    let make = move || {
        t(if ticket.read().is_some() {
            Key::MirrorNewCode
        } else {
            Key::MirrorPair
        })
    };
    view! {
        <section class="part" data-testid="pairing">
            <h2>{t(Key::MirrorPairTitle)}</h2>
            <p class="quiet">{t(Key::MirrorPairText)}</p>
            <p class="quiet" hidden=move || is_on()>{t(Key::MirrorPairOff)}</p>
            <div class="ticket" hidden=move || !(is_on() && ticket.read().is_some())>
                <div class="code" hidden=move || !is_good()>{move || drawn.get().map(code)}</div>
                <div class="beside">
                    <p role="status" data-testid="ticket-state">{move || says()}</p>
                    <p hidden=move || !is_good()><code data-testid="ticket-url">{move || url()}</code></p>
                    <span hidden=move || !is_good()><CopyButton label=Key::MirrorCopyAddress text=move || untrack(url)/></span>
                </div>
            </div>
            <button type="button" class="button" hidden=move || !is_on() data-testid="pair" on:click=handler(move |_| create_ticket(mirror, api))>{move || make()}</button>
            {fault(mirror, Field::Pair)}
        </section>
    }
    .into_any()
}

/// Black on white in every theme: not every phone reads the other way round.
fn code(code: Qr) -> AnyView {
    view! {
        <svg viewBox=code.frame role="img" aria-label=t(Key::MirrorCode) shape-rendering="crispEdges" data-testid="qr">
            <path d=code.path></path>
        </svg>
    }
    .into_any()
}

fn clock(seconds: u64) -> String {
    let rest = seconds % 60;
    let colon = if rest < 10 { ":0" } else { ":" };
    [(seconds / 60).to_string().as_str(), colon, &rest.to_string()].concat()
}
