//! Connector: opens connections to the endpoint, with TLS where it is asked for, and makes requests with its headers.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Uri, header};
use http_body_util::Full;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::counts::Signal;
use crate::endpoint::{Endpoint, Protocol};
use crate::error::{SendError, SettingsError};
use crate::limits::MAX_CERTIFICATES_BYTES;
use crate::settings::{Headers, Settings};

/// Content of requests and answers over HTTP.
pub(super) const PROTOBUF: &str = "application/x-protobuf";

/// Stream with TLS or without.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Connector of one endpoint.
pub(crate) struct Connector {
    endpoint: Endpoint,
    tls: Option<TlsConnector>,
    headers: Headers,
    user_agent: HeaderValue,
    #[cfg(test)]
    dial: Option<Dial>,
}

/// Opener of streams in place of TCP, for tests with paused time: the clock goes on while a socket is waited for.
#[cfg(test)]
pub(crate) type Dial = Box<dyn Fn() -> io::Result<tokio::io::DuplexStream> + Send + Sync>;

impl std::fmt::Debug for Connector {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut own = formatter.debug_struct("Connector");
        own.field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

impl Connector {
    pub(crate) fn new(settings: &Settings) -> Result<Self, SettingsError> {
        let user_agent = format!("mirrord/{} OTLP-Exporter", settings.version);
        Ok(Self {
            endpoint: settings.endpoint.clone(),
            tls: if settings.endpoint.tls {
                Some(tls(settings)?)
            } else {
                None
            },
            headers: settings.headers.clone(),
            user_agent: HeaderValue::from_str(&user_agent).unwrap_or(HeaderValue::from_static("mirrord")),
            #[cfg(test)]
            dial: None,
        })
    }

    #[cfg(test)]
    pub(crate) fn with_dial(settings: &Settings, dial: Dial) -> Self {
        let mut own = Self::new(settings).unwrap();
        own.dial = Some(dial);
        own
    }

    pub(super) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Opens a connection.
    pub(super) async fn connect(&self) -> Result<Box<dyn Stream>, SendError> {
        let (host, port) = (self.endpoint.host(), self.endpoint.port());
        let unreachable = |error: io::Error| SendError::Unreachable(error.kind());
        #[cfg(test)]
        if let Some(dial) = &self.dial {
            return Ok(Box::new(dial().map_err(unreachable)?));
        }
        let addresses = lookup_host((host, port)).await.map_err(|_| SendError::Unresolved)?;
        let addresses: Vec<_> = addresses.collect();
        if addresses.is_empty() {
            return Err(SendError::Unresolved);
        }
        let stream = TcpStream::connect(&addresses[..]).await.map_err(unreachable)?;
        // A request is written at once, and its answer is waited for.
        stream.set_nodelay(true).map_err(unreachable)?;
        let Some(tls) = &self.tls else {
            return Ok(Box::new(stream));
        };
        let name = ServerName::try_from(host.to_owned()).map_err(|_| SendError::Tls)?;
        let stream = tls.connect(name, stream).await.map_err(|_| SendError::Tls)?;
        Ok(Box::new(stream))
    }

    /// Creates a request.
    pub(super) fn request(&self, signal: Signal, body: Bytes) -> Request<Full<Bytes>> {
        let Endpoint { path, protocol, .. } = &self.endpoint;
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = match protocol {
            Protocol::Http => [path, signal.http_path()].concat().parse().unwrap_or_default(),
            Protocol::Grpc => self.grpc_uri(signal),
        };
        let headers = request.headers_mut();
        for (name, value) in &self.headers.0 {
            headers.append(name, value.clone());
        }
        headers.insert(header::USER_AGENT, self.user_agent.clone());
        match protocol {
            Protocol::Http => {
                if let Ok(host) = HeaderValue::from_str(self.endpoint.authority.as_str()) {
                    headers.insert(header::HOST, host);
                }
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROTOBUF));
            }
            Protocol::Grpc => {
                headers.insert(header::TE, HeaderValue::from_static("trailers"));
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
            }
        }
        request
    }

    /// Absolute URI, of which HTTP/2 makes its `:scheme` and `:authority`.
    fn grpc_uri(&self, signal: Signal) -> Uri {
        let uri = Uri::builder()
            .scheme(if self.endpoint.tls { "https" } else { "http" })
            .authority(self.endpoint.authority.clone())
            .path_and_query(signal.grpc_path());
        // Each part was parsed before.
        uri.build().unwrap_or_default()
    }
}

fn tls(settings: &Settings) -> Result<TlsConnector, SettingsError> {
    let mut roots = RootCertStore::empty();
    match &settings.certificates {
        Some(path) => {
            let certificates = read_certificates(path);
            let certificates = certificates.map_err(|source| SettingsError::Certificates {
                path: path.clone(),
                source,
            })?;
            roots.add_parsable_certificates(certificates);
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if roots.is_empty() {
        return Err(SettingsError::NoCertificates);
    }
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let mut config = config
        .map_err(SettingsError::Tls)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = match settings.endpoint.protocol {
        Protocol::Http => vec![b"http/1.1".to_vec()],
        Protocol::Grpc => vec![b"h2".to_vec()],
    };
    Ok(TlsConnector::from(Arc::new(config)))
}

fn read_certificates(path: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
    let mut text = Vec::new();
    File::open(path)?.take(MAX_CERTIFICATES_BYTES).read_to_end(&mut text)?;
    let certificates = CertificateDer::pem_slice_iter(&text).collect::<Result<Vec<_>, _>>();
    let certificates = certificates.map_err(|_| io::Error::other("it is no file of PEM certificates"))?;
    if certificates.is_empty() {
        return Err(io::Error::other("it has no PEM certificate"));
    }
    Ok(certificates)
}
