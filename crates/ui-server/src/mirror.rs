//! The mirror: the same server, seen from a phone on the same network.
//!
//! Off by default and never without credentials. [`Mirror`] is its state; [`listener`] is its second listener, started by
//! the [`supervisor`]; [`auth`] authorizes requests. The rights of a device are in one table, [`permissions`], and the
//! fields that it gets in [`redact`]. No decision follows from the address of a request.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mirrord_private_files::PrivateFolder;
use mirrord_wire::mirror::{AuditKind, MirrorSettingsChange, MirrorState, MirrorStatus, Pairing, Reach, SignedInBy};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use crate::clock;

pub(crate) mod addresses;
pub(crate) mod audit;
pub(crate) mod auth;
pub(crate) mod devices;
pub(crate) mod identity;
pub(crate) mod listener;
mod listener_resources;
mod login_rate_limit;
mod mdns;
mod notifications;
pub(crate) mod pages;
mod pairing;
mod password;
pub(crate) mod permissions;
mod plain_http;
pub mod qr;
pub(crate) mod redact;
mod settings;
mod sidebar;
mod state;
mod steady_clock;
pub(crate) mod supervisor;
mod tls;

use self::devices::Known;
use self::password::{Credentials, Hasher, PasswordHash};
use self::redact::Disclosure;
use self::settings::{NewPassword, Settings};
use self::sidebar::KeptSidebar;
use self::state::{ListenerStatus, NotSignedIn, State};

/// The directory of the mirror's files, beside the lock of `mirrord ui`.
const FOLDER: &str = ".mirror";
/// Time for changed settings to be applied before the desktop gets the status until then.
const APPLY_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(5);
/// Time between two runs of the maintenance: expiry, saving, notifications.
pub(crate) const MAINTENANCE_INTERVAL: std::time::Duration = std::time::Duration::from_secs(1);
/// Runs of the maintenance between two saves of last-seen times.
const SAVE_SEEN_EVERY: u64 = 300;

/// Options of the mirror on the command line, over its saved settings.
#[derive(Debug, Clone, Copy, Default)]
pub struct CliOverrides {
    /// Turn it on: at this address, or at the one of the settings.
    pub on: Option<Option<SocketAddr>>,
    /// Announce it by multicast DNS.
    pub mdns: bool,
}

/// Reason why settings were not changed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotChanged {
    /// They cannot be so, for this reason.
    Invalid(String),
    /// Something of ours failed.
    Failed(String),
}

/// State of the mirror.
#[derive(Debug)]
pub(crate) struct Mirror {
    folder: PrivateFolder,
    state: Mutex<State>,
    /// Locked while files are written, so that newer content is written last.
    writing: Arc<tokio::sync::Mutex<()>>,
    hasher: Hasher,
    pub(crate) sidebar: KeptSidebar,
    /// Requested settings, and their number.
    requested: watch::Sender<(u64, Settings)>,
    /// Status of the listener.
    listener_status: watch::Sender<ListenerStatus>,
    /// Number of the newest notification for the desktop.
    news: AtomicU64,
    /// Number of the newest notification for devices: their role may have changed.
    who: AtomicU64,
    /// `<hostname>.local`.
    local_name: Option<String>,
}

impl Mirror {
    /// Loads the mirror of a sessions directory, with the overrides of the command line.
    pub(crate) fn new(sessions_dir: &Path, overrides: CliOverrides) -> Self {
        let folder = PrivateFolder::new(sessions_dir.join(FOLDER));
        let mut state = State::load(&folder);
        state.settings.enabled &= state.settings.auto_start;
        state.settings.mdns |= overrides.mdns;
        if let Some(address) = overrides.on {
            state.settings.enabled = true;
            if let Some(address) = address {
                (state.settings.address, state.settings.port) = (address.ip(), address.port());
            }
        }
        if let Some(reason) = &state.settings_broken {
            tracing::warn!("{reason}");
        }
        Self {
            folder,
            requested: watch::Sender::new((1, state.settings.clone())),
            listener_status: watch::Sender::default(),
            state: Mutex::new(state),
            writing: Arc::default(),
            hasher: Hasher::default(),
            sidebar: KeptSidebar::default(),
            news: AtomicU64::new(1),
            who: AtomicU64::new(1),
            local_name: addresses::local_name(),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Subscribes to the status of the listener.
    pub(crate) fn listener_status(&self) -> watch::Receiver<ListenerStatus> {
        self.listener_status.subscribe()
    }

    /// Publishes the status of the listener, and notifies the desktop where it is another one.
    fn publish_status(&self, status: ListenerStatus) {
        let is_another = self.listener_status.send_if_modified(|own| {
            let is_another = *own != status;
            *own = status;
            is_another
        });
        if is_another {
            self.lock().news = true;
        }
    }

    /// Returns the names under which it is reached: never those of the desktop.
    fn names(&self, settings: &Settings) -> Vec<String> {
        self.local_name.iter().chain(&settings.names).cloned().collect()
    }

    /// Returns what the settings let devices see.
    pub(crate) fn disclosure(&self) -> Disclosure {
        Disclosure {
            command_lines: self.lock().settings.command_lines,
        }
    }

    /// The names that a `Host` may have.
    pub(crate) fn host_names(&self) -> Vec<String> {
        self.names(&self.lock().settings)
    }

    /// Returns the status, for the desktop.
    pub(crate) fn status(&self) -> MirrorStatus {
        let listener = self.listener_status.borrow().clone();
        let interfaces = mirrord_tcp_listener::interfaces();
        let state = self.lock();
        let names = self.names(&state.settings);
        let urls = listener.bound.filter(|_| listener.state == MirrorState::On);
        let mut warnings: Vec<_> = state.devices_trouble.iter().cloned().collect();
        warnings.extend(state.audit.trouble().map(str::to_owned));
        warnings.extend(listener.warning);
        let mut status = MirrorStatus {
            state: listener.state,
            reason: listener.reason.or_else(|| state.settings_broken.clone()),
            urls: urls.map_or_else(Vec::new, |bound| {
                addresses::urls(bound, listener.tls, &interfaces, &names)
            }),
            credentials: state.credentials.as_ref().map(Credentials::told).unwrap_or_default(),
            authority: listener.authority.map(|(authority, _)| authority),
            settings: state.settings.told(),
            interfaces: addresses::to_wire(&interfaces),
            connected: state.devices.list(),
            tickets: state.tickets.told(Instant::now()),
            warning: (!warnings.is_empty()).then(|| warnings.join("; ")),
        };
        status.connected.retain(|device| device.sockets > 0);
        if state.credentials.is_none() {
            let username = status.settings.username.clone();
            let by_hash = state.settings.password.as_ref();
            status.credentials = Credentials::foretold(username, by_hash, password::environment);
        }
        status
    }

    /// Changes the settings, saves them and waits until they are applied.
    ///
    /// # Errors
    /// The change is invalid or cannot be saved; nothing was changed.
    pub(crate) async fn change(&self, change: MirrorSettingsChange) -> Result<MirrorStatus, NotChanged> {
        let invalid = NotChanged::Invalid;
        let _writing = self.writing.lock().await;
        let password = match change.password.clone() {
            None => NewPassword::Kept,
            Some(empty) if empty.is_empty() => NewPassword::Removed,
            Some(password) => {
                settings::check_password(&password).map_err(invalid)?;
                let hashed = self.hasher.run(move || PasswordHash::of(&password)).await;
                let failed = || NotChanged::Failed("the password cannot be hashed".to_owned());
                NewPassword::Set(hashed.and_then(Result::ok).ok_or_else(failed)?)
            }
        };
        let credentials_change = password != NewPassword::Kept || change.username.is_some();
        let settings = self.lock().settings.changed(&change, password).map_err(invalid)?;
        let (folder, written) = (self.folder.clone(), settings.clone());
        let saved = tokio::task::spawn_blocking(move || written.save(&folder)).await;
        let saved = saved.unwrap_or_else(|error| Err(error.to_string()));
        saved.map_err(|reason| NotChanged::Failed(format!("nothing was changed: {reason}")))?;
        let changed = what_changed(&change);
        {
            let mut state = self.lock();
            state.settings = settings.clone();
            state.settings_broken = None;
            if credentials_change {
                state.credentials = None;
            }
            state.log(AuditKind::SettingsChanged, None, None, &changed);
        }
        if credentials_change && settings.enabled {
            self.credentials().await.map_err(NotChanged::Failed)?;
        }
        let mut generation = 0;
        self.requested.send_modify(|requested| {
            *requested = (requested.0 + 1, settings);
            generation = requested.0;
        });
        let mut status = self.listener_status();
        // Where it takes longer, the desktop gets the status until then, and is notified later.
        let applied = status.wait_for(|status| status.generation >= generation);
        timeout(APPLY_TIMEOUT, applied).await.ok();
        Ok(self.status())
    }

    /// Returns the credentials, made where there are none yet.
    async fn credentials(&self) -> Result<Credentials, String> {
        let settings = {
            let state = self.lock();
            if let Some(credentials) = &state.credentials {
                return Ok(credentials.clone());
            }
            state.settings.clone()
        };
        let resolve = move || {
            Credentials::resolve(
                settings.username.as_deref(),
                settings.password.as_ref(),
                password::environment,
            )
        };
        let made = self.hasher.run(resolve).await.and_then(Result::ok);
        let made = made.ok_or("there are no random bytes for a password")?;
        let mut state = self.lock();
        state.news = true;
        Ok(state.credentials.get_or_insert(made).clone())
    }

    /// Signs a device in with user name and password; gives its secret.
    pub(crate) async fn sign_in(
        &self,
        username: String,
        password: String,
        from: SocketAddr,
        user_agent: Option<&str>,
    ) -> Result<String, NotSignedIn> {
        if username.len() > password::MAX_TEXT_BYTES || password.len() > password::MAX_TEXT_BYTES {
            return Err(NotSignedIn::Wrong);
        }
        self.lock().begin_attempt(from.ip())?;
        let credentials = self.credentials().await.map_err(|_| NotSignedIn::Failed)?;
        let right = self.hasher.run(move || credentials.are(&username, &password)).await;
        if right != Some(true) {
            self.lock().log(
                AuditKind::SignInFailed,
                Some(from.ip()),
                None,
                "wrong user name or password",
            );
            return Err(NotSignedIn::Wrong);
        }
        self.take_in(from, user_agent, SignedInBy::Password, None).await
    }

    /// Signs a device in with a ticket; gives its secret.
    pub(crate) async fn redeem(
        &self,
        ticket: &str,
        from: SocketAddr,
        user_agent: Option<&str>,
    ) -> Result<String, NotSignedIn> {
        let number = {
            let mut state = self.lock();
            state.begin_attempt(from.ip())?;
            let Some(number) = state.tickets.redeem(ticket, Instant::now()) else {
                state.log(
                    AuditKind::PairingFailed,
                    Some(from.ip()),
                    None,
                    "the ticket is used up, too old, or was never made",
                );
                return Err(NotSignedIn::Wrong);
            };
            number
        };
        self.take_in(from, user_agent, SignedInBy::Pairing, Some(number)).await
    }

    async fn take_in(
        &self,
        from: SocketAddr,
        user_agent: Option<&str>,
        by: SignedInBy,
        ticket: Option<u64>,
    ) -> Result<String, NotSignedIn> {
        let secret = {
            let mut state = self.lock();
            let (secret, known) = state.signed_in(from.ip(), user_agent, by)?;
            if let Some(ticket) = ticket {
                state.tickets.let_in(ticket, &known.id);
            }
            secret
        };
        // Where it cannot be written, it is signed in for as long as this runs: nothing is given that should not be.
        self.save_devices().await.ok();
        Ok(secret)
    }

    /// Whose cookie this is.
    pub(crate) fn recognise(&self, secret: &str, from: SocketAddr) -> Option<Known> {
        let mut state = self.lock();
        let now = state.clock.now().wall;
        state.devices.recognise(secret, from.ip(), now)
    }

    /// Makes a ticket; `None` while the mirror is not on.
    pub(crate) fn pair(&self) -> Option<Pairing> {
        let status = self.status();
        let mut urls: Vec<_> = status.urls.iter().filter(|own| own.reach == Reach::Network).collect();
        if urls.is_empty() {
            urls = status.urls.iter().collect();
        }
        urls.first()?;
        let (number, ticket) = {
            let mut state = self.lock();
            let ticket = state.tickets.make(Instant::now()).ok()?;
            state.log(AuditKind::TicketMade, None, None, "good once, within five minutes");
            ticket
        };
        let urls: Vec<_> = urls
            .iter()
            .map(|own| format!("{}/mirror/pair#{ticket}", own.url))
            .collect();
        let lifetime = u64::try_from(pairing::TICKET_LIFETIME.as_micros()).unwrap_or(0);
        Some(Pairing {
            url: urls.first().cloned()?,
            svg: qr::svg(urls.first()?),
            urls,
            expires_at: clock::rfc3339(clock::now_micros() + lifetime),
            number,
        })
    }

    /// Writes the devices to their file. On failure the change is in memory alone, and writing is retried by
    /// [`Self::run_maintenance`].
    ///
    /// # Errors
    /// Why the file could not be written; with its path, so for the desktop alone.
    pub(crate) async fn save_devices(&self) -> Result<(), String> {
        self.write_devices(false).await
    }

    async fn write_devices(&self, last: bool) -> Result<(), String> {
        // Held until the file is written, by the thread that writes: a request that is dropped meanwhile lets nothing
        // older be written last.
        let writing = Arc::clone(&self.writing).lock_owned().await;
        let (text, revision, gives_too_much) = {
            let state = self.lock();
            let devices = &state.devices;
            (state.devices_file(), devices.revision(), devices.is_unsaved_less())
        };
        let folder = self.folder.clone();
        let written = tokio::task::spawn_blocking(move || {
            let _writing = writing;
            state::save_devices(&folder, &text, gives_too_much, last)
        });
        let written = written.await.unwrap_or_else(|error| Err(error.to_string()));
        let mut state = self.lock();
        let trouble = match &written {
            Ok(()) => {
                state.devices.mark_saved(revision);
                None
            }
            Err(reason) => Some(format!("the devices cannot be written, which is tried again: {reason}")),
        };
        if state.devices_trouble != trouble {
            if let Some(trouble) = &trouble {
                tracing::warn!("the mirror: {trouble}");
            }
            (state.devices_trouble, state.news) = (trouble, true);
        }
        written
    }

    /// Removes what has expired, retries what could not be written, and returns whether the desktop is to be notified.
    /// Called once a second, with 0 as the turn for the last time.
    pub(crate) async fn run_maintenance(&self, turn: u64) -> bool {
        let last = turn == 0;
        let (unsaved, any) = {
            let mut state = self.lock();
            let now = state.clock.now();
            state.news |= state.devices.forget_expired(now);
            state.audit.flush(now.steady, last);
            (state.devices.is_unsaved(), !state.devices.is_empty())
        };
        if unsaved || (any && turn.is_multiple_of(SAVE_SEEN_EVERY)) {
            // What failed is in the status, and tried again at the next turn.
            self.write_devices(last).await.ok();
        }
        let news = std::mem::take(&mut self.lock().news);
        if news {
            self.news.fetch_add(1, Ordering::Relaxed);
        }
        news
    }

    /// Notifies all devices that their role may have changed; each requests its own.
    pub(crate) fn tell_devices(&self) {
        self.who.fetch_add(1, Ordering::Relaxed);
    }

    /// The machine's name, without a domain.
    pub(crate) fn host(&self) -> Option<String> {
        let name = self.local_name.as_deref()?;
        name.strip_suffix(".local").map(str::to_owned)
    }
}

/// Watch of the mirror's status.
#[derive(Debug)]
pub struct MirrorWatch {
    mirror: Arc<Mirror>,
    listener_status: watch::Receiver<ListenerStatus>,
}

impl MirrorWatch {
    pub(crate) fn new(mirror: Arc<Mirror>) -> Self {
        let mut listener_status = mirror.listener_status();
        listener_status.mark_unchanged();
        Self {
            mirror,
            listener_status,
        }
    }

    /// Waits for another status; `None` after the last one. Has the random password in it: for the
    /// terminal, never for a log.
    pub async fn changed(&mut self) -> Option<MirrorStatus> {
        self.listener_status.changed().await.ok()?;
        self.listener_status.mark_unchanged();
        Some(self.mirror.status())
    }
}

/// Names of the settings in a change, without their values.
fn what_changed(change: &MirrorSettingsChange) -> String {
    let fields = serde_json::to_value(change).unwrap_or_default();
    let names: Vec<_> = fields
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect();
    names.join(", ")
}
