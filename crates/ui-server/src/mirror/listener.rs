//! Listener of the mirror: accepts connections, with TLS where that is set up, until its settings or its address change.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use mirrord_tcp_listener::{accept, describe_port_owner, interfaces};
use mirrord_wire::mirror::MirrorState;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::listener_resources::ListenerResources;
use super::settings::Settings;
use super::{Mirror, addresses, plain_http};
use crate::accept::{self as connection_service, Service};
use crate::connections::{Arrival, Bounds, Connection, Connections, Listener};
use crate::limits;

/// Time between two checks of the machine's addresses.
const ADDRESS_INTERVAL: Duration = Duration::from_secs(5);

/// Settings and their number.
pub(super) type SettingsReceiver = watch::Receiver<(u64, Settings)>;

/// State that every listener of the mirror needs.
pub(crate) struct ListenerContext {
    pub(crate) mirror: Arc<Mirror>,
    pub(crate) service: Arc<Service>,
    pub(crate) tracker: TaskTracker,
    pub(crate) shutdown: CancellationToken,
}

/// Reason for the end of a listener.
pub(super) enum ListenerEnd {
    Shutdown,
    /// The settings changed.
    Changed,
    /// Its address is none of the machine's any more.
    AddressGone,
}

/// Listener that is bound.
pub(super) struct MirrorListener<'a> {
    context: &'a ListenerContext,
    /// Number of the settings.
    generation: u64,
    settings: &'a Settings,
    socket: TcpListener,
    pub(super) bound: SocketAddr,
    resources: ListenerResources,
    connections: Arc<Connections>,
    /// Closes the connections at the listener's end.
    stop: CancellationToken,
}

impl<'a> MirrorListener<'a> {
    /// Binds the address of the settings.
    ///
    /// # Errors
    /// The credentials, the certificate or the address cannot be used: the state of the mirror then, and the reason.
    pub(super) async fn bind(
        context: &'a ListenerContext,
        generation: u64,
        settings: &'a Settings,
    ) -> Result<Self, (MirrorState, String)> {
        let failed = |reason| (MirrorState::Failed, reason);
        context.mirror.credentials().await.map_err(failed)?;
        let resources = ListenerResources::load(&context.mirror, settings).map_err(failed)?;
        let address = SocketAddr::new(settings.address, settings.port);
        let bound = TcpListener::bind(address).await;
        let socket = bound.map_err(|error| bind_error(address, &error))?;
        Ok(Self {
            context,
            generation,
            settings,
            bound: socket.local_addr().map_err(|error| failed(error.to_string()))?,
            socket,
            resources,
            connections: Connections::new(Bounds {
                all: limits::MAX_MIRROR_CONNECTIONS,
                of_one_address: limits::MAX_MIRROR_CONNECTIONS_OF_ONE_ADDRESS,
                before_sign_in: limits::MAX_MIRROR_CONNECTIONS_BEFORE_SIGN_IN,
            }),
            stop: context.shutdown.child_token(),
        })
    }

    /// Accepts connections until the listener's end, and closes them then, WebSockets included.
    pub(super) async fn run(mut self, settings: &mut SettingsReceiver) -> ListenerEnd {
        let end = self.accept(settings).await;
        self.stop.cancel();
        end
    }

    async fn accept(&mut self, settings: &mut SettingsReceiver) -> ListenerEnd {
        let mut checks = tokio::time::interval(ADDRESS_INTERVAL);
        let report = |error: &io::Error| tracing::warn!(%error, "the mirror cannot accept connections for now");
        loop {
            tokio::select! {
                () = self.context.shutdown.cancelled() => return ListenerEnd::Shutdown,
                changed = settings.changed() => if changed.is_err() || !self.update_settings(settings) {
                    return ListenerEnd::Changed;
                },
                _ = checks.tick() => if !self.check_addresses() {
                    return ListenerEnd::AddressGone;
                },
                (stream, peer) = accept(&self.socket, report) => self.serve(stream, peer).await,
            }
        }
    }

    /// Takes over new settings; returns `false` for those that need another listener, and leaves them marked as changed.
    fn update_settings(&mut self, settings: &mut SettingsReceiver) -> bool {
        let (generation, new) = settings.borrow_and_update().clone();
        if !same_listener(self.settings, &new) {
            settings.mark_changed();
            return false;
        }
        self.generation = generation;
        let status = self.resources.status(self.generation, self.bound);
        self.context.mirror.publish_status(status);
        true
    }

    /// Renews what depends on the machine's addresses; returns `false` where the listener's own is gone.
    fn check_addresses(&mut self) -> bool {
        let own = interfaces();
        match is_there(self.bound.ip(), &own) {
            Some(true) => {}
            Some(false) => return false,
            None => return true,
        }
        let mirror = &self.context.mirror;
        self.resources.renew(mirror, self.settings);
        self.resources.announce(mirror, self.settings, self.bound, &own);
        let mut status = self.resources.status(self.generation, self.bound);
        if self.bound.ip().is_unspecified() && own.iter().all(|(_, address)| address.is_loopback()) {
            status.state = MirrorState::Waiting;
            status.reason = Some("this machine has no network: only it can reach the mirror".to_owned());
        }
        mirror.publish_status(status);
        true
    }

    async fn serve(&self, stream: TcpStream, peer: SocketAddr) {
        let Ok(local) = stream.local_addr() else { return };
        let (server, service) = (self.resources.server(), Arc::clone(&self.context.service));
        let listener = Listener::Mirror {
            local,
            tls: server.is_some(),
        };
        let arrival = Arrival { listener, peer };
        let Some(connection) = self.connections.admit(arrival, &self.stop).await else {
            if server.is_none() {
                service.refuse(stream);
            }
            return;
        };
        stream.set_nodelay(true).ok();
        let own = Arc::clone(&connection);
        let tracker = &self.context.tracker;
        match server {
            None => tracker.spawn(connection.run(connection_service::serve(stream, service, own))),
            Some(server) => {
                let names = self.context.mirror.host_names();
                tracker.spawn(connection.run(serve_tls(stream, server, service, own, names)))
            }
        };
    }
}

/// Serves a connection with TLS, and one that is plain HTTP with a redirect.
async fn serve_tls(
    stream: TcpStream,
    server: Arc<ServerConfig>,
    service: Arc<Service>,
    connection: Arc<Connection>,
    names: Vec<String>,
) {
    let Ok(local) = stream.local_addr() else { return };
    match plain_http::is_tls(&stream, &connection).await {
        Some(true) => {
            if let Some(stream) = handshake(stream, server, &connection).await {
                connection_service::serve(stream, service, connection).await;
            }
        }
        Some(false) => {
            let headers = Arc::clone(service.headers_of(&connection));
            let is_host = |authority: &str| addresses::is_host(authority, local, true, &names);
            plain_http::serve(stream, &connection, headers, is_host).await;
        }
        None => {}
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

/// Returns whether settings are the same as far as the listener uses them: a new password does not restart it.
fn same_listener(one: &Settings, other: &Settings) -> bool {
    let part = |own: &Settings| {
        let tls = (own.tls, own.certificate.clone(), own.key.clone());
        (own.enabled, own.address, own.port, tls, own.names.clone(), own.mdns)
    };
    part(one) == part(other)
}

/// Returns whether a listener's address is one of the machine's; loopback addresses are, though not all are listed. `None`
/// for an empty list: it could not be read, as without a free descriptor, and proves nothing.
fn is_there(address: IpAddr, own: &[(String, IpAddr)]) -> Option<bool> {
    let is_listed = || own.iter().any(|(_, other)| *other == address);
    (!own.is_empty()).then(|| address.is_unspecified() || address.is_loopback() || is_listed())
}

/// Describes an address that could not be bound, with the state of the mirror: waiting where a retry may succeed.
fn bind_error(address: SocketAddr, error: &io::Error) -> (MirrorState, String) {
    match error.kind() {
        io::ErrorKind::AddrInUse => (MirrorState::Failed, describe_port_owner(address)),
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
    use mirrord_wire::mirror::TlsMode;

    use super::*;

    #[test]
    fn a_bind_error_names_the_way_out() {
        let address: SocketAddr = "192.0.2.1:4096".parse().unwrap();
        let said = |kind: io::ErrorKind| bind_error(address, &kind.into());
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
            assert_eq!(is_there(there.parse().unwrap(), &own), Some(true), "{there}");
        }
        let other = "10.0.0.6".parse().unwrap();
        assert_eq!(is_there(other, &own), Some(false));
        assert_eq!(is_there(other, &[]), None, "the list could not be read");
    }
}
