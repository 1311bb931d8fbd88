//! The mirror's listener: starts, stops and starts anew as the settings say, and says in words why it cannot.
//!
//! What may pass by itself (a port that is taken, an address that went away) is tried again with growing waits. Who has a
//! port is named and left alone: nothing here ends a process. Every connection is bounded before its first byte is read,
//! and closed when the mirror stops.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use mirrord_wire::mirror::{AuditKind, Authority, MirrorState, TlsMode};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::mdns::Announcement;
use super::settings::Settings;
use super::state::Doing;
use super::{Mirror, plain_http, port_owner, reach, tls};
use crate::accept::{self, Service};
use crate::accept_retry::accept_with_retry;
use crate::connections::{Arrival, Bounds, Connection, Connections, Listener};
use crate::limits;
use crate::peer::backoff::Backoff;

/// How often it is looked whether the machine's addresses have changed.
const ADDRESS_INTERVAL: Duration = Duration::from_secs(5);

/// What the mirror listens with.
pub(crate) struct Listening {
    pub(crate) mirror: Arc<Mirror>,
    pub(crate) service: Arc<Service>,
    pub(crate) tracker: TaskTracker,
    pub(crate) shutdown: CancellationToken,
}

/// Why a listener is no more.
enum End {
    Shutdown,
    /// Other settings.
    Changed,
    /// Its address is none of the machine's any more.
    AddressGone,
}

/// What a listener has beside its socket, for as long as it lives.
#[derive(Default)]
struct Beside {
    server: Option<Arc<ServerConfig>>,
    authority: Option<tls::PrivateAuthority>,
    made: Option<Instant>,
    addresses: Vec<IpAddr>,
    warning: Option<String>,
    announced: Option<Announcement>,
}

impl Listening {
    /// Runs until the shutdown.
    pub(crate) async fn run(self) {
        let mut wanted = self.mirror.wanted.subscribe();
        let mut backoff = Backoff::new();
        let mut last = None;
        loop {
            let (generation, settings) = wanted.borrow_and_update().clone();
            if !settings.enabled {
                last = None;
                self.say(Doing {
                    generation,
                    ..Doing::default()
                });
            } else {
                match self.listen(generation, &settings, &mut wanted, &mut last).await {
                    Ok(End::Shutdown) => return,
                    Ok(End::Changed) => {
                        backoff.reset();
                        continue;
                    }
                    Ok(End::AddressGone) => self.trouble(generation, MirrorState::Waiting, &mut last, gone(&settings)),
                    Err((state, reason)) => self.trouble(generation, state, &mut last, reason),
                }
            }
            let again = async {
                if settings.enabled {
                    sleep(backoff.delay()).await;
                } else {
                    std::future::pending().await
                }
            };
            tokio::select! {
                () = self.shutdown.cancelled() => return,
                changed = wanted.changed() => if changed.is_err() { return } else { backoff.reset() },
                () = again => {}
            }
        }
    }

    fn say(&self, doing: Doing) {
        let news = self.mirror.doing.send_if_modified(|own| {
            let news = *own != doing;
            *own = doing;
            news
        });
        if news {
            self.mirror.lock().news = true;
        }
    }

    /// Says why it is not on, once.
    fn trouble(&self, generation: u64, state: MirrorState, last: &mut Option<String>, reason: String) {
        if last.as_ref() != Some(&reason) {
            tracing::warn!("the mirror: {reason}");
            self.mirror.lock().log(AuditKind::Failed, None, None, &reason);
        }
        *last = Some(reason.clone());
        self.say(Doing {
            generation,
            state,
            reason: Some(reason),
            ..Doing::default()
        });
    }

    async fn listen(
        &self,
        generation: u64,
        settings: &Settings,
        wanted: &mut watch::Receiver<(u64, Settings)>,
        last: &mut Option<String>,
    ) -> Result<End, (MirrorState, String)> {
        let failed = |reason| (MirrorState::Failed, reason);
        self.mirror.credentials().await.map_err(failed)?;
        let beside = self.encryption(settings).map_err(failed)?;
        let address = SocketAddr::new(settings.address, settings.port);
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| not_bound(address, &error))?;
        let bound = listener.local_addr().map_err(|error| failed(error.to_string()))?;
        self.mirror
            .lock()
            .log(AuditKind::Started, None, None, &format!("on {bound}"));
        *last = None;
        let stop = self.shutdown.child_token();
        let end = self
            .accept(generation, settings, bound, listener, beside, wanted, &stop)
            .await;
        // Whoever is connected is not any more, WebSockets too.
        stop.cancel();
        let mut state = self.mirror.lock();
        state.tickets.clear();
        state.log(AuditKind::Stopped, None, None, "");
        Ok(end)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one listener, each made by another step"
    )]
    async fn accept(
        &self,
        mut generation: u64,
        settings: &Settings,
        bound: SocketAddr,
        listener: TcpListener,
        mut beside: Beside,
        wanted: &mut watch::Receiver<(u64, Settings)>,
        stop: &CancellationToken,
    ) -> End {
        let connections = Connections::new(Bounds {
            all: limits::MAX_MIRROR_CONNECTIONS,
            of_one_address: limits::MAX_MIRROR_CONNECTIONS_OF_ONE_ADDRESS,
            before_sign_in: limits::MAX_MIRROR_CONNECTIONS_BEFORE_SIGN_IN,
        });
        let mut look = tokio::time::interval(ADDRESS_INTERVAL);
        let refused = |error: &io::Error| tracing::warn!(%error, "the mirror cannot accept connections for now");
        loop {
            let (stream, peer) = tokio::select! {
                () = self.shutdown.cancelled() => return End::Shutdown,
                changed = wanted.changed() => {
                    let now = wanted.borrow().clone();
                    if changed.is_err() || !same_listener(settings, &now.1) {
                        // Looked at again by who starts it anew.
                        wanted.mark_changed();
                        return End::Changed;
                    }
                    generation = now.0;
                    wanted.mark_unchanged();
                    self.say(doing(generation, bound, &beside));
                    continue;
                }
                _ = look.tick() => {
                    let own = reach::interfaces();
                    if !is_there(bound.ip(), &own) {
                        return End::AddressGone;
                    }
                    self.renew(settings, &mut beside);
                    self.announce(settings, bound, &own, &mut beside);
                    let mut doing = doing(generation, bound, &beside);
                    if bound.ip().is_unspecified() && own.iter().all(|(_, address)| address.is_loopback()) {
                        doing.state = MirrorState::Waiting;
                        doing.reason = Some("this machine has no network: only it can reach the mirror".to_owned());
                    }
                    self.say(doing);
                    continue;
                }
                accepted = accept_with_retry(|| listener.accept(), refused) => accepted,
            };
            self.serve(stream, peer, beside.server.clone(), &connections, stop)
                .await;
        }
    }

    async fn serve(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        server: Option<Arc<ServerConfig>>,
        connections: &Arc<Connections>,
        stop: &CancellationToken,
    ) {
        let Ok(local) = stream.local_addr() else { return };
        let listener = Listener::Mirror {
            local,
            tls: server.is_some(),
        };
        let Some(connection) = connections.admit(Arrival { listener, peer }, stop).await else {
            if server.is_none() {
                self.service.refuse(&stream);
            }
            return;
        };
        stream.set_nodelay(true).ok();
        let service = Arc::clone(&self.service);
        let Some(server) = server else {
            let serve = accept::serve(stream, service, Arc::clone(&connection));
            self.tracker.spawn(connection.run(serve));
            return;
        };
        let names = self.mirror.host_names();
        let own = Arc::clone(&connection);
        self.tracker.spawn(connection.run(async move {
            match plain_http::is_tls(&stream, &own).await {
                Some(true) => {
                    if let Some(stream) = handshake(stream, server, &own).await {
                        accept::serve(stream, service, own).await;
                    }
                }
                Some(false) => {
                    let headers = Arc::clone(service.headers_of(&own));
                    let is_host = |authority: &str| reach::is_host(authority, local, true, &names);
                    plain_http::serve(stream, &own, headers, is_host).await;
                }
                None => {}
            }
        }));
    }

    fn encryption(&self, settings: &Settings) -> Result<Beside, String> {
        let mut beside = Beside::default();
        match (settings.tls, &settings.certificate, &settings.key) {
            (TlsMode::Off, ..) => {}
            (TlsMode::Own, Some(certificate), Some(key)) => beside.server = Some(tls::own(certificate, key)?),
            (TlsMode::Own, ..) => return Err("a certificate of your own needs two files".to_owned()),
            (TlsMode::Private, ..) => {
                beside.authority = Some(tls::PrivateAuthority::load_or_make(&self.mirror.folder)?);
                self.renew(settings, &mut beside);
                if beside.server.is_none() {
                    return Err(beside.warning.unwrap_or_default());
                }
            }
        }
        Ok(beside)
    }

    /// Announces the mirror where that is asked for, and anew where the addresses have changed.
    fn announce(&self, settings: &Settings, bound: SocketAddr, own: &[(String, IpAddr)], beside: &mut Beside) {
        let Some(local_name) = self.mirror.local_name.as_deref().filter(|_| settings.mdns) else {
            return;
        };
        let listens = |address: &IpAddr| bound.ip().is_unspecified() || *address == bound.ip();
        let addresses: Vec<_> = own.iter().map(|(_, address)| *address).filter(listens).collect();
        if beside.announced.as_ref().is_some_and(|now| now.is_of(&addresses)) {
            return;
        }
        beside.announced = None;
        match Announcement::begin(local_name, &addresses, bound.port(), beside.server.is_some()) {
            Ok(announced) => beside.announced = announced,
            Err(reason) => beside.warning = Some(reason),
        }
    }

    /// Makes the leaf anew where the machine's addresses have changed, or the old one is old.
    fn renew(&self, settings: &Settings, beside: &mut Beside) {
        let Some(authority) = &beside.authority else { return };
        let mut addresses: Vec<_> = reach::interfaces().into_iter().map(|(_, address)| address).collect();
        if !settings.address.is_unspecified() {
            addresses.push(settings.address);
        }
        addresses.sort_unstable();
        addresses.dedup();
        let young = beside.made.is_some_and(|made| made.elapsed() < tls::RENEW_AFTER);
        if young && addresses == beside.addresses {
            return;
        }
        // What the authority may not vouch for would make the whole leaf worth nothing.
        let (vouched, other): (Vec<_>, Vec<_>) =
            addresses.iter().copied().partition(|address| tls::is_private(*address));
        let names = self.mirror.names(settings);
        let (names, other_names): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| name.ends_with(".local"));
        let named = other.iter().map(IpAddr::to_string).chain(other_names);
        let named: Vec<_> = named.filter(|name| name != "::1").collect();
        beside.warning = (!named.is_empty()).then(|| {
            format!(
                "the private authority cannot vouch for {}: use a certificate of your own there",
                named.join(", ")
            )
        });
        match authority.server(&vouched, &names) {
            Ok(server) => {
                beside.server = Some(server);
                (beside.made, beside.addresses) = (Some(Instant::now()), addresses);
            }
            Err(reason) => beside.warning = Some(reason),
        }
    }
}

async fn handshake(
    stream: TcpStream,
    server: Arc<ServerConfig>,
    connection: &Connection,
) -> Option<tokio_rustls::server::TlsStream<TcpStream>> {
    let shaken = timeout(limits::HEADERS_TIMEOUT, TlsAcceptor::from(server).accept(stream));
    tokio::select! {
        () = connection.close.cancelled() => None,
        shaken = shaken => match shaken {
            Ok(Ok(stream)) => Some(stream),
            Ok(Err(error)) => {
                tracing::debug!(peer = %connection.arrival.peer, %error, "no TLS");
                None
            }
            Err(_) => None,
        },
    }
}

fn doing(generation: u64, bound: SocketAddr, beside: &Beside) -> Doing {
    let told = |authority: &tls::PrivateAuthority| {
        let certificate = "/mirror/authority.pem".to_owned();
        let fingerprint = authority.fingerprint();
        (
            Authority {
                fingerprint,
                certificate,
            },
            authority.pem().to_owned(),
        )
    };
    Doing {
        generation,
        state: MirrorState::On,
        reason: None,
        bound: Some(bound),
        tls: beside.server.is_some(),
        authority: beside.authority.as_ref().map(told),
        warning: beside.warning.clone(),
    }
}

/// Whether settings are the same as far as the listener goes: no other password starts it anew.
fn same_listener(one: &Settings, other: &Settings) -> bool {
    let part = |own: &Settings| {
        let tls = (own.tls, own.certificate.clone(), own.key.clone());
        (own.enabled, own.address, own.port, tls, own.names.clone(), own.mdns)
    };
    part(one) == part(other)
}

/// Whether a listener's address is one of the machine's; loopback addresses are, though not all are listed.
fn is_there(address: IpAddr, own: &[(String, IpAddr)]) -> bool {
    address.is_unspecified() || address.is_loopback() || own.iter().any(|(_, other)| *other == address)
}

fn gone(settings: &Settings) -> String {
    format!(
        "the address {} went away; listening again as soon as it is back",
        settings.address
    )
}

/// Why an address could not be listened on, and whether that may pass.
fn not_bound(address: SocketAddr, error: &io::Error) -> (MirrorState, String) {
    match error.kind() {
        io::ErrorKind::AddrInUse => (MirrorState::Failed, port_owner::in_use(address)),
        io::ErrorKind::AddrNotAvailable => {
            let reason = format!("{} is not an address of this machine now; waiting for it", address.ip());
            (MirrorState::Waiting, reason)
        }
        io::ErrorKind::PermissionDenied => {
            let reason = format!(
                "port {} is reserved for the system: take one from 1024 on",
                address.port()
            );
            (MirrorState::Failed, reason)
        }
        _ => (
            MirrorState::Waiting,
            format!("cannot listen on {address}: {error}; trying again"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_it_does_not_listen_is_said_in_words_that_help() {
        let address: SocketAddr = "192.0.2.1:4096".parse().unwrap();
        let said = |kind: io::ErrorKind| not_bound(address, &kind.into());
        assert!(
            said(io::ErrorKind::AddrNotAvailable)
                .1
                .contains("192.0.2.1 is not an address of this machine")
        );
        assert_eq!(said(io::ErrorKind::AddrNotAvailable).0, MirrorState::Waiting);
        assert!(said(io::ErrorKind::AddrInUse).1.contains("port 4096 is in use"));
        assert!(said(io::ErrorKind::PermissionDenied).1.contains("from 1024 on"));
    }

    #[test]
    fn only_what_a_listener_stands_on_starts_it_anew() {
        let settings = Settings::default();
        let other = Settings {
            username: Some("dev".to_owned()),
            auto_start: true,
            ..settings.clone()
        };
        assert!(same_listener(&settings, &other));
        for other in [
            Settings {
                port: 1,
                ..settings.clone()
            },
            Settings {
                tls: TlsMode::Private,
                ..settings.clone()
            },
            Settings {
                names: vec!["x".to_owned()],
                ..settings.clone()
            },
            Settings {
                enabled: true,
                ..settings.clone()
            },
        ] {
            assert!(!same_listener(&settings, &other), "{other:?}");
        }
    }

    #[test]
    fn an_address_that_went_away_is_noticed_and_loopback_never_goes() {
        let own = [
            ("lo".to_owned(), "127.0.0.1".parse().unwrap()),
            ("eth0".to_owned(), "10.0.0.5".parse().unwrap()),
        ];
        for there in ["0.0.0.0", "::", "127.0.0.2", "10.0.0.5"] {
            assert!(is_there(there.parse().unwrap(), &own), "{there}");
        }
        assert!(!is_there("10.0.0.6".parse().unwrap(), &own));
    }
}
