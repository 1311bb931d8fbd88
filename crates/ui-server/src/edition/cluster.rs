//! Asks a cluster for its operator: one request, and a second one where the first finds nothing.
//!
//! 200 is an operator. 404 is none if the API group is not there either. Everything else leaves the question open, with
//! a reason that names what went wrong and repeats neither a credential nor what the cluster sent.

use std::error::Error as _;

use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use kube::client::Body;
use kube::config::{AuthInfo, KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};

use super::operator::{Operator, cut};
use super::verdict::Verdict;
use super::{kubeconfig, plugin};
use crate::limits::MAX_OPERATOR_BYTES;

const GROUP: &str = "/apis/operator.metalbear.co";
const OPERATOR: &str = "/apis/operator.metalbear.co/v1/mirrordoperators/operator";

/// Asks the cluster that `kubectl` would ask.
pub(super) async fn ask(plugins: &plugin::FailedPlugin) -> Verdict {
    match kubeconfig::read() {
        Ok(None) => Verdict::Oss,
        Ok(Some(config)) => match client(config, plugins).await {
            Ok(client) => verdict(&client).await.unwrap_or_else(Verdict::Unknown),
            Err(reason) => Verdict::Unknown(reason),
        },
        Err(reason) => Verdict::Unknown(reason),
    }
}

async fn client(kubeconfig: Kubeconfig, plugins: &plugin::FailedPlugin) -> Result<Client, String> {
    let loaded = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await;
    let mut config = loaded.map_err(|error| format!("the kubeconfig {}", kubeconfig::trouble(&error)))?;
    // The next question is soon enough.
    config.default_retry = false;
    authenticate(&mut config.auth_info, plugins).await?;
    Client::try_from(config).map_err(|error| match error {
        // These two name the proxy, which may have a password in it.
        kube::Error::ProxyProtocolUnsupported { .. } | kube::Error::ProxyProtocolDisabled { .. } => {
            "the proxy on the way to the cluster has a protocol that is not spoken here".to_owned()
        }
        kube::Error::Auth(_) => "the kubeconfig has credentials that cannot be used".to_owned(),
        other => format!("no connection to the cluster can be set up: {}", root_cause(&other)),
    })
}

/// A plugin is run here and not by kube, which would wait for it without end.
async fn authenticate(auth: &mut AuthInfo, plugins: &plugin::FailedPlugin) -> Result<(), String> {
    if let Some(provider) = &auth.auth_provider {
        let name = cut(&provider.name);
        return Err(format!(
            "the kubeconfig has the auth provider `{name}`, which kubectl gave up for plugins"
        ));
    }
    if let Some(exec) = auth.exec.take() {
        let credentials = plugin::run(&exec, plugins).await?;
        auth.token = credentials.token.map(Into::into).or(auth.token.take());
        if let (Some(certificate), Some(key)) = (credentials.certificate, credentials.key) {
            auth.client_certificate_data = Some(certificate);
            auth.client_key_data = Some(key.into());
        }
    }
    Ok(())
}

async fn verdict(client: &Client) -> Result<Verdict, String> {
    let (status, body) = get(client, OPERATOR).await?;
    match status {
        StatusCode::OK => match Operator::read(&body) {
            Some(operator) => Ok(Verdict::Teams(Box::new(operator))),
            None => Err("what the cluster calls its operator cannot be read".to_owned()),
        },
        StatusCode::NOT_FOUND => match get(client, GROUP).await?.0 {
            StatusCode::NOT_FOUND => Ok(Verdict::Oss),
            StatusCode::OK => Err("the operator's API is in the cluster, and the operator is not".to_owned()),
            other => Err(format!(
                "the cluster does not say whether it has the operator's API: {}",
                refusal(other)
            )),
        },
        other => Err(refusal(other)),
    }
}

fn refusal(status: StatusCode) -> String {
    let why = match status {
        StatusCode::UNAUTHORIZED => "it does not accept the credentials of the kubeconfig",
        StatusCode::FORBIDDEN => "it does not let this user see the operator",
        StatusCode::SERVICE_UNAVAILABLE => "the operator does not answer it",
        _ => "it answered neither with an operator nor without",
    };
    format!("the cluster answered with {}: {why}", status.as_u16())
}

async fn get(client: &Client, path: &str) -> Result<(StatusCode, bytes::Bytes), String> {
    let request = Request::get(path)
        .header("accept", "application/json")
        .body(Body::empty());
    let request = request.map_err(|_| "the request cannot be written".to_owned())?;
    let answer = client.send(request).await;
    let answer = answer.map_err(|error| format!("the cluster cannot be reached: {}", root_cause(&error)))?;
    let status = answer.status();
    let body = Limited::new(answer.into_body(), MAX_OPERATOR_BYTES).collect().await;
    let body = body.map_err(|_| "the cluster's answer broke off or is too long".to_owned())?;
    Ok((status, body.to_bytes()))
}

/// The innermost error: what the system or TLS said. Those around it only say that something failed.
fn root_cause(error: &kube::Error) -> String {
    let mut innermost = error.source();
    while let Some(inner) = innermost.and_then(std::error::Error::source) {
        innermost = Some(inner);
    }
    innermost.map_or_else(|| "it cannot be told why".to_owned(), |inner| cut(&inner.to_string()))
}
