//! An HTTP server that plays the Kubernetes API, and the kubeconfig that leads to it.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// Path of the operator's resource.
pub const OPERATOR: &str = "/apis/operator.metalbear.co/v1/mirrordoperators/operator";
/// Path of the operator's API group.
pub const GROUP: &str = "/apis/operator.metalbear.co";

type Answers = HashMap<&'static str, (u16, String)>;
type Asked = Arc<Mutex<Vec<(String, String)>>>;

/// A cluster. It ends with the test.
pub struct Cluster {
    address: SocketAddr,
    tls: bool,
    asked: Asked,
    task: JoinHandle<()>,
}

impl Cluster {
    /// One that answers these paths, and every other with 404.
    pub async fn start(answers: &[(&'static str, u16, &str)]) -> Self {
        Self::serve(answers, None).await
    }

    /// Serves the answers behind TLS, with a self-signed certificate.
    pub async fn with_tls(answers: &[(&'static str, u16, &str)]) -> Self {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate can be made");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("the certificate fits its key");
        Self::serve(answers, Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    /// One that accepts connections and says nothing.
    pub async fn silent() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let asked = Asked::default();
        let seen = Arc::clone(&asked);
        let task = tokio::spawn(async move {
            let mut held = Vec::new();
            while let Ok((stream, _)) = listener.accept().await {
                let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                seen.push((String::new(), String::new()));
                held.push(stream);
            }
        });
        let tls = false;
        Self {
            address,
            tls,
            asked,
            task,
        }
    }

    async fn serve(answers: &[(&'static str, u16, &str)], tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let answers = answers
            .iter()
            .map(|(path, status, body)| (*path, (*status, (*body).to_owned())));
        let answers: Arc<Answers> = Arc::new(answers.collect());
        let asked = Asked::default();
        let (is_tls, seen) = (tls.is_some(), Arc::clone(&asked));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answers, seen, tls) = (Arc::clone(&answers), Arc::clone(&seen), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => answer(stream, answers, seen).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                answer(stream, answers, seen).await;
                            }
                        }
                    }
                });
            }
        });
        Self {
            address,
            tls: is_tls,
            asked,
            task,
        }
    }

    /// The paths that were asked for, each with the `Authorization` that came with it.
    #[must_use]
    pub fn asked(&self) -> Vec<(String, String)> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Writes a kubeconfig that leads here, with these lines for its user.
    #[must_use]
    pub fn kubeconfig(&self, directory: &Path, user: &str) -> PathBuf {
        let scheme = if self.tls { "https" } else { "http" };
        kubeconfig(directory, &format!("{scheme}://{}", self.address), user)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, answers: Arc<Answers>, asked: Asked) {
    let service = service_fn(|request: Request<Incoming>| {
        let path = request.uri().path().to_owned();
        let header = request.headers().get("authorization");
        let user = header
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let unknown = (404, "404 page not found\n".to_owned());
        let (status, body) = answers.get(path.as_str()).cloned().unwrap_or(unknown);
        asked.lock().unwrap_or_else(PoisonError::into_inner).push((path, user));
        async move {
            let response = Response::builder().status(status).body(Full::new(Bytes::from(body)));
            Ok::<_, Infallible>(response.expect("a test's answer is valid"))
        }
    });
    let served = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // A client that hangs up in between is the test's to judge.
    served.await.ok();
}

/// Writes a kubeconfig for a server, with these lines for its user.
#[must_use]
pub fn kubeconfig(directory: &Path, server: &str, user: &str) -> PathBuf {
    let path = directory.join("kubeconfig.yaml");
    let text = format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: c\n\
         clusters:\n- name: k\n  cluster:\n    server: {server}\n\
         contexts:\n- name: c\n  context:\n    cluster: k\n    user: u\n\
         users:\n- name: u\n  user:\n{user}\n"
    );
    std::fs::write(&path, text).expect("a kubeconfig can be written");
    path
}
