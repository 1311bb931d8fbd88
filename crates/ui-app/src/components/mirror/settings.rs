//! Form of the mirror's settings. Each is sent when it is chosen or left, and applied at once; an error is shown beside
//! its field. No password is ever shown here but the random one of this run.

use leptos::html::Input;
use leptos::prelude::*;
use mirrord_wire::mirror::{MirrorSettings, MirrorState, TlsMode};

use super::parts::fault;
use crate::api::socket::ApiHandle;
use crate::components::copy::CopyButton;
use crate::controllers::mirror::update_setting;
use crate::erased::{effect, handler};
use crate::i18n::{Key, t, with};
use crate::state::mirror::{Body, Field, is_password, port};
use crate::store::app_state::use_store;
use crate::store::mirror::MirrorStore;

/// The ways to encrypt, in the order in which they are offered.
const TLS: [(TlsMode, &str, Key); 3] = [
    (TlsMode::Off, "off", Key::MirrorTlsOff),
    (TlsMode::Private, "private", Key::MirrorTlsPrivate),
    (TlsMode::Own, "own", Key::MirrorTlsOwn),
];
/// All of this machine's addresses.
const ALL: &str = "0.0.0.0";

/// Handles that the parts of the form share.
#[derive(Clone, Copy)]
struct Form {
    mirror: MirrorStore,
    api: ApiHandle,
}

impl Form {
    /// One setting, which changes only with the server's value: a text that is being typed is left alone.
    fn of<T: PartialEq + Send + Sync + 'static>(self, get: fn(&MirrorSettings) -> T) -> Memo<Option<T>> {
        Memo::new(move |_| self.mirror.status.read().as_ref().map(|status| get(&status.settings)))
    }

    fn text(self, get: fn(&MirrorSettings) -> String) -> Memo<Option<String>> {
        self.of(get)
    }

    fn set(self, field: Field, body: Body) {
        update_setting(self.mirror, self.api, field, body);
    }

    fn wrong(self, field: Field, says: Key) {
        self.mirror
            .faults
            .update(|faults| faults.set(field, Some(t(says).to_owned())));
    }
}

/// The switch that turns the mirror on and off.
pub(crate) fn switch() -> AnyView {
    let mirror: MirrorStore = use_store();
    let form = Form {
        mirror,
        api: expect_context(),
    };
    view! { {check(form, Field::Enabled, Key::MirrorTitle, |settings| settings.enabled)} {fault(form.mirror, Field::Enabled)} }.into_any()
}

/// The whole, but for the switch.
pub(crate) fn form() -> AnyView {
    let mirror: MirrorStore = use_store();
    let form = Form {
        mirror,
        api: expect_context(),
    };
    view! {
        <section class="part" data-testid="mirror-form">
            <h2>{t(Key::MirrorSettings)}</h2>
            {network(form)}
            {typed(form, Field::Port, Key::MirrorPort, Key::MirrorPortHint, form.text(|settings| settings.port.to_string()), move |text| match port(&text) {
                Some(port) => form.set(Field::Port, Body::default().number("port", port)),
                None => form.wrong(Field::Port, Key::MirrorPortWrong),
            })}
            {typed(form, Field::Username, Key::MirrorUser, Key::MirrorUserHint, form.text(|settings| settings.username.clone().unwrap_or_default()), move |text| {
                form.set(Field::Username, Body::default().text("username", text.trim()));
            })}
            {password(form)}
            {tls(form)}
            {typed(form, Field::Names, Key::MirrorNames, Key::MirrorNamesHint, form.text(|settings| settings.allowed_hosts.join(", ")), move |text| {
                form.set(Field::Names, Body::default().words("allowed_hosts", &text));
            })}
            {check(form, Field::AutoStart, Key::MirrorAutoStart, |settings| settings.auto_start)}
            {check(form, Field::Mdns, Key::MirrorMdns, |settings| settings.mdns)}
            {check(form, Field::CommandLines, Key::MirrorCommandLines, |settings| settings.command_lines)}
        </section>
    }
    .into_any()
}

/// A label, what is set, a hint, and what is wrong.
fn labelled(form: Form, field: Field, label: Key, hint: String, input: AnyView) -> AnyView {
    let is_bare = hint.is_empty();
    view! {
        <div class="setting">
            <label for=field.name()>{t(label)}</label>
            <div>{input}{fault(form.mirror, field)}<p class="quiet" hidden=is_bare>{hint}</p></div>
        </div>
    }
    .into_any()
}

fn typed(
    form: Form,
    field: Field,
    label: Key,
    hint: Key,
    value: Memo<Option<String>>,
    left: impl Fn(String) + 'static,
) -> AnyView {
    let name = field.name();
    let is_wrong = move || (!form.mirror.faults.read().of(field).is_empty()).then_some("true");
    let input = view! {
        <div class="field">
            <input
                id=name data-testid=name autocomplete="off" autocapitalize="none" spellcheck="false" aria-invalid=move || is_wrong()
                prop:value=move || value.get().unwrap_or_default() on:change=handler(move |event| left(event_target_value(&event)))
            />
        </div>
    };
    labelled(form, field, label, t(hint).to_owned(), input.into_any())
}

fn check(form: Form, field: Field, label: Key, get: fn(&MirrorSettings) -> bool) -> AnyView {
    let value = form.of(get);
    let name = field.name();
    let change = move |event| form.set(field, Body::default().flag(name, event_target_checked(&event)));
    view! {
        <label class="switch">
            <span>{t(label)}</span>
            <input type="checkbox" role="switch" data-testid=name prop:checked=move || value.get() == Some(true) on:change=handler(change)/>
        </label>
    }
    .into_any()
}

/// Choice of the listen address: all, or one of the machine's, including the configured one where that has gone.
fn network(form: Form) -> AnyView {
    let choices = Memo::new(move |_| {
        let status = form.mirror.status.read();
        let status = status.as_ref()?;
        let own = status.settings.address.clone();
        let mut choices = vec![(ALL.to_owned(), t(Key::MirrorEverywhere).to_owned())];
        for interface in &status.interfaces {
            let label = [&interface.name, " · ", &interface.address].concat();
            choices.push((interface.address.clone(), label));
        }
        if choices.iter().all(|(address, _)| *address != own) {
            // The list is of the network's addresses; one of this machine alone is none of them, and is well all the same.
            let is_here = status.state == MirrorState::On;
            let label = if is_here {
                own.clone()
            } else {
                with(Key::MirrorNotHere, &own)
            };
            choices.push((own.clone(), label));
        }
        Some((choices, own))
    });
    let change = move |event| {
        form.set(
            Field::Address,
            Body::default().text("address", &event_target_value(&event)),
        )
    };
    let options = move || {
        let (choices, own) = choices.get().unwrap_or_default();
        let option = |(address, label): (String, String)| {
            let is_chosen = address == own;
            view! { <option value=address selected=is_chosen>{label}</option> }.into_any()
        };
        choices.into_iter().map(option).collect_view()
    };
    let input =
        view! { <select id="address" data-testid="address" on:change=handler(change)>{move || options()}</select> };
    labelled(
        form,
        Field::Address,
        Key::MirrorNetworks,
        String::new(),
        input.into_any(),
    )
}

fn password(form: Form) -> AnyView {
    let has = form.of(|settings| settings.has_password);
    let is_set = move || has.get() == Some(true);
    let (typed, is_typed) = (RwSignal::new(String::new()), NodeRef::<Input>::new());
    let set = move || {
        let password = typed.get_untracked();
        if !is_password(&password) {
            return form.wrong(Field::Password, Key::MirrorPasswordWrong);
        }
        form.set(Field::Password, Body::default().text("password", &password));
        typed.set(String::new());
        if let Some(input) = is_typed.get_untracked() {
            input.set_value("");
        }
    };
    let placeholder = move || {
        t(if is_set() {
            Key::MirrorPasswordSet
        } else {
            Key::MirrorPasswordNone
        })
    };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        set();
    };
    let input = view! {
        <form class="field with-button" on:submit=handler(submit)>
            <input
                id="password" node_ref=is_typed type="password" autocomplete="new-password" data-testid="password" placeholder=move || placeholder()
                on:input=handler(move |event| typed.set(event_target_value(&event)))
            />
            <button class="button" data-testid="password-set">{t(Key::MirrorPasswordGo)}</button>
        </form>
        <button
            type="button" class="link" hidden=move || !is_set() data-testid="password-random"
            on:click=handler(move |_| form.set(Field::Password, Body::default().text("password", "")))
        >{t(Key::MirrorPasswordRandom)}</button>
    };
    labelled(
        form,
        Field::Password,
        Key::MirrorPassword,
        t(Key::MirrorPasswordHint).to_owned(),
        input.into_any(),
    )
}

fn tls(form: Form) -> AnyView {
    let value = form.of(|settings| settings.tls);
    // "Own" is sent with its files, and until then only chosen here.
    let chosen = RwSignal::new(None::<TlsMode>);
    effect(move || {
        chosen.set(value.get());
    });
    let option = move |(mode, word, key): (TlsMode, &'static str, Key)| {
        let choose = move |_| {
            chosen.set(Some(mode));
            if mode != TlsMode::Own {
                form.set(Field::Tls, Body::default().text("tls", word));
            }
        };
        let testid = ["tls-", word].concat();
        view! {
            <label>
                <input type="radio" name="tls" data-testid=testid prop:checked=move || chosen.get() == Some(mode) on:change=handler(choose)/>
                <span>{t(key)}</span>
            </label>
        }
        .into_any()
    };
    let hint = move || {
        t(match chosen.get() {
            Some(TlsMode::Private) => Key::MirrorTlsPrivateHint,
            Some(TlsMode::Own) => Key::MirrorTlsOwnHint,
            _ => Key::MirrorTlsOffHint,
        })
    };
    view! {
        <div class="setting">
            <span>{t(Key::MirrorTls)}</span>
            <div>
                <div class="segments" role="radiogroup" aria-label=t(Key::MirrorTls)>{TLS.map(option)}</div>
                {own(form, chosen)}
                {fault(form.mirror, Field::Tls)}
                <p class="quiet">{move || hint()}</p>
                {trust(form, chosen)}
            </div>
        </div>
    }
    .into_any()
}

/// The two files of a certificate of one's own, sent together.
fn own(form: Form, chosen: RwSignal<Option<TlsMode>>) -> AnyView {
    let files = [
        (
            "certificate",
            Key::MirrorCertificate,
            form.text(|settings| settings.certificate.clone().unwrap_or_default()),
        ),
        (
            "key",
            Key::MirrorKey,
            form.text(|settings| settings.key.clone().unwrap_or_default()),
        ),
    ];
    let typed = files.map(|(.., value)| RwSignal::new(untrack(|| value.get().unwrap_or_default())));
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let [certificate, key] = typed.map(|typed| typed.get_untracked());
        let body = Body::default()
            .text("tls", "own")
            .text("certificate", certificate.trim());
        form.set(Field::Tls, body.text("key", key.trim()));
    };
    let inputs = (0..2).map(|place| {
        let (name, label, value) = files[place];
        view! {
            <label><span>{t(label)}</span>
                <input
                    class="mono" data-testid=name spellcheck="false" autocapitalize="none" autocomplete="off"
                    prop:value=move || value.get().unwrap_or_default() on:input=handler(move |event| typed[place].set(event_target_value(&event)))
                />
            </label>
        }
        .into_any()
    });
    view! {
        <form class="files" hidden=move || chosen.get() != Some(TlsMode::Own) on:submit=handler(submit)>
            {inputs.collect_view()}
            <button class="button" data-testid="tls-own-set">{t(Key::MirrorTlsGo)}</button>
        </form>
    }
    .into_any()
}

/// Instructions for a phone to trust the private authority.
fn trust(form: Form, chosen: RwSignal<Option<TlsMode>>) -> AnyView {
    let known = Memo::new(move |_| {
        let status = form.mirror.status.read();
        let status = status
            .as_ref()
            .filter(|status| status.settings.tls == TlsMode::Private)?;
        let authority = status.authority.clone()?;
        let page = status.urls.first().map(|url| [&url.url, "/mirror/trust"].concat());
        Some((authority, page.unwrap_or_default()))
    });
    let is_private = move || chosen.get() == Some(TlsMode::Private) && known.read().is_some();
    let page = move || known.read().as_ref().map(|(_, page)| page.clone()).unwrap_or_default();
    let download = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        if let Some((authority, _)) = known.get_untracked() {
            form.api
                .with_value(|api| api.download(authority.certificate, "mirrord-authority.pem"));
        }
    };
    view! {
        <div class="trust" hidden=move || !is_private() data-testid="trust">
            <h3>{t(Key::MirrorTrust)}</h3>
            <ol>
                <li>{t(Key::MirrorTrustOpen)}
                    <div class="command"><code>{move || page()}</code><CopyButton label=Key::Copy text=move || untrack(page)/></div>
                </li>
                <li>{t(Key::MirrorTrustCompare)}
                    <code data-testid="fingerprint">{move || known.read().as_ref().map(|(authority, _)| authority.fingerprint.clone())}</code>
                </li>
                <li>{t(Key::MirrorTrustInstall)}</li>
            </ol>
            <a class="link" download="mirrord-authority.pem" href=move || known.read().as_ref().map(|(authority, _)| authority.certificate.clone()) on:click=handler(download)>
                {t(Key::MirrorTrustDownload)}
            </a>
        </div>
    }
    .into_any()
}
