//! Edition of mirrord: the newest answer of the cluster's operator.
//!
//! One task requests it, at the start and every five minutes; readers get the newest answer at once. Invariant: a request
//! ends within [`limits::OPERATOR_TIMEOUT`], whatever the cluster, its kubeconfig or a credential plugin does.
//! Without the `kube` feature no cluster is asked.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use mirrord_wire::api::OperatorSessions;
use mirrord_wire::{PROTOCOL_VERSION, VersionInfo};
use tokio_util::sync::CancellationToken;

#[cfg(any(feature = "kube", test))]
use crate::limits;

#[cfg(feature = "kube")]
mod cluster;
#[cfg(feature = "kube")]
mod kubeconfig;
mod operator;
#[cfg(feature = "kube")]
mod plugin;
#[cfg(feature = "kube")]
mod thread;
mod verdict;

use self::verdict::Verdict;

/// Cluster that would be asked for an operator, by the kubeconfig alone.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClusterSetup {
    /// This build asks no cluster.
    NotInThisBuild,
    /// There is no kubeconfig with a cluster in it.
    None,
    /// Name of the current context.
    Context(String),
    /// The kubeconfig cannot be used. Names the file and the kind of trouble, and none of its content.
    Unusable(String),
}

/// Reads the kubeconfig; asks no cluster and runs no credential plugin.
#[must_use]
pub fn cluster_setup() -> ClusterSetup {
    #[cfg(feature = "kube")]
    return match kubeconfig::current_context() {
        Ok(None) => ClusterSetup::None,
        Ok(Some(context)) => ClusterSetup::Context(context),
        Err(trouble) => ClusterSetup::Unusable(trouble),
    };
    #[cfg(not(feature = "kube"))]
    ClusterSetup::NotInThisBuild
}

/// Newest answer, and its time.
#[derive(Debug)]
struct Known {
    verdict: Verdict,
    asked_at: Option<SystemTime>,
    pending: bool,
}

/// Edition of this instance.
#[derive(Debug)]
pub(crate) struct Editions {
    version: String,
    show_env_values: bool,
    known: Mutex<Arc<Known>>,
}

impl Editions {
    /// Creates the edition before the first answer; `asks` is whether a cluster will be asked.
    pub(crate) fn new(version: String, show_env_values: bool, asks: bool) -> Self {
        let asks = asks && cfg!(feature = "kube");
        let reason = if asks {
            "the cluster is being asked"
        } else if cfg!(feature = "kube") {
            "no cluster is asked for an operator (--no-cluster)"
        } else {
            "this build does not ask for an operator"
        };
        let known = Known {
            verdict: Verdict::Unknown(reason.to_owned()),
            asked_at: None,
            pending: asks,
        };
        Self {
            version,
            show_env_values,
            known: Mutex::new(Arc::new(known)),
        }
    }

    fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Body of `/api/version`.
    pub(crate) fn version(&self) -> VersionInfo {
        let known = self.known();
        let mut info = VersionInfo {
            version: self.version.clone(),
            protocol_version: PROTOCOL_VERSION,
            edition: known.verdict.edition(),
            reason: known.verdict.reason(),
            pending: known.pending,
            show_env_values: self.show_env_values,
            ..VersionInfo::default()
        };
        if let Verdict::Teams(operator) = &known.verdict {
            info.operator_version = Some(operator.version.clone());
            info.supported_features.clone_from(&operator.features);
            info.license = operator.license_at(SystemTime::now());
        }
        info
    }

    /// Body of `/api/operator/sessions`.
    pub(crate) fn sessions(&self) -> OperatorSessions {
        let known = self.known();
        let asked_at = known
            .asked_at
            .map(|at| humantime::format_rfc3339_seconds(at).to_string());
        let (sessions, more) = match &known.verdict {
            Verdict::Teams(operator) => (operator.sessions.clone(), operator.more),
            _ => (Vec::new(), 0),
        };
        OperatorSessions {
            edition: known.verdict.edition(),
            reason: known.verdict.reason(),
            pending: known.pending,
            asked_at,
            sessions,
            omitted: more,
        }
    }

    /// Asks the cluster until the shutdown.
    #[cfg(feature = "kube")]
    pub(crate) async fn follow(self: Arc<Self>, shutdown: CancellationToken) {
        let thread = thread::Thread::new(shutdown.clone());
        let thread = &thread;
        self.ask(|| thread.ask(), &shutdown).await;
    }

    /// Returns at once: there is no cluster to ask.
    #[cfg(not(feature = "kube"))]
    pub(crate) async fn follow(self: Arc<Self>, _shutdown: CancellationToken) {}

    #[cfg(any(feature = "kube", test))]
    async fn ask<Answer>(&self, question: impl Fn() -> Answer, shutdown: &CancellationToken)
    where
        Answer: Future<Output = Verdict>,
    {
        while !shutdown.is_cancelled() {
            let asked = tokio::time::timeout(limits::OPERATOR_TIMEOUT, question()).await;
            let verdict = asked.unwrap_or_else(|_| Verdict::too_late());
            self.tell(verdict);
            tokio::select! {
                () = tokio::time::sleep(limits::OPERATOR_INTERVAL) => {}
                () = shutdown.cancelled() => {}
            }
        }
    }

    #[cfg(any(feature = "kube", test))]
    fn tell(&self, verdict: Verdict) {
        let (edition, reason) = (verdict.edition(), verdict.reason());
        tracing::info!(?edition, reason, "asked the cluster for an operator");
        let known = Known {
            verdict,
            asked_at: Some(SystemTime::now()),
            pending: false,
        };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::sync::atomic::{AtomicU32, Ordering};

    use mirrord_wire::Edition;
    use tokio::time::{Instant, sleep};

    use super::*;

    fn editions() -> Editions {
        Editions::new("1".to_owned(), false, true)
    }

    #[tokio::test(start_paused = true)]
    async fn the_cluster_is_asked_every_five_minutes_and_the_last_answer_counts() {
        let (editions, shutdown) = (editions(), CancellationToken::new());
        let asked = AtomicU32::new(0);
        let question = || {
            ready(match asked.fetch_add(1, Ordering::SeqCst) {
                0 => Verdict::Oss,
                _ => Verdict::Unknown("away".to_owned()),
            })
        };
        let started = Instant::now();
        let watch = async {
            sleep(limits::OPERATOR_INTERVAL / 2).await;
            assert_eq!(editions.version().edition, Edition::Oss);
            assert!(!editions.version().pending && editions.sessions().asked_at.is_some());
            sleep(limits::OPERATOR_INTERVAL).await;
            assert_eq!(editions.version().reason.as_deref(), Some("away"));
            shutdown.cancel();
        };
        tokio::join!(editions.ask(question, &shutdown), watch);
        assert_eq!(asked.load(Ordering::SeqCst), 2);
        assert_eq!(started.elapsed(), limits::OPERATOR_INTERVAL * 3 / 2);
    }

    #[tokio::test(start_paused = true)]
    async fn no_question_lasts_longer_than_three_seconds() {
        let (editions, shutdown) = (editions(), CancellationToken::new());
        let watch = async {
            assert!(editions.version().pending);
            sleep(limits::OPERATOR_TIMEOUT + std::time::Duration::from_millis(1)).await;
            let told = editions.version();
            assert_eq!((told.edition, told.pending), (Edition::Unknown, false));
            assert_eq!(told.reason.as_deref(), Some("the cluster gave no answer within 3 s"));
            shutdown.cancel();
        };
        tokio::join!(editions.ask(pending, &shutdown), watch);
    }
}
