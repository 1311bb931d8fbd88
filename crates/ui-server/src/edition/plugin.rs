//! Runs the credential plugin that a kubeconfig names, as `kubectl` does, but never for long and never with a terminal.
//!
//! Invariant: when the question is over, so is the plugin, with the process group that it was started in. What it writes
//! is bounded and never told; it may be a credential. One that lets the time run out again and again is started no more:
//! it may be opening a browser each time.

use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kube::config::{ExecConfig, ExecInteractiveMode};
use serde::Deserialize;
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};

use super::operator::cut;
use crate::limits::{MAX_PLUGIN_BYTES, MAX_PLUGIN_TIMEOUTS};

/// How often in a row a plugin has let the time run out.
#[derive(Debug, Default)]
pub(super) struct Patience(AtomicU32);

/// What a plugin gives; the certificate and its key as a kubeconfig has them, in Base64.
pub(super) struct Credentials {
    pub(super) token: Option<String>,
    pub(super) certificate: Option<String>,
    pub(super) key: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    status: Status,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    token: Option<String>,
    client_certificate_data: Option<String>,
    client_key_data: Option<String>,
}

/// Runs it. The caller limits the time; dropping this ends the plugin.
pub(super) async fn run(exec: &ExecConfig, patience: &Patience) -> Result<Credentials, String> {
    let command = exec
        .command
        .as_deref()
        .ok_or("the kubeconfig names a plugin without a command")?;
    let name = cut(command);
    if exec.interactive_mode == Some(ExecInteractiveMode::Always) {
        return Err(format!("the kubeconfig's plugin `{name}` wants a terminal"));
    }
    if patience.0.load(Ordering::Relaxed) >= MAX_PLUGIN_TIMEOUTS {
        return Err(format!(
            "the kubeconfig's plugin `{name}` took too long {MAX_PLUGIN_TIMEOUTS} times and is started no more"
        ));
    }
    patience.0.fetch_add(1, Ordering::Relaxed);
    let output = output(exec, command, &name).await;
    patience.0.store(0, Ordering::Relaxed);
    let answer: Answer = serde_json::from_slice(&output?)
        .map_err(|_| format!("the kubeconfig's plugin `{name}` does not give credentials as JSON"))?;
    let in_base64 = |text: Option<String>| text.map(|text| STANDARD.encode(text));
    Ok(Credentials {
        token: answer.status.token,
        certificate: in_base64(answer.status.client_certificate_data),
        key: in_base64(answer.status.client_key_data),
    })
}

async fn output(exec: &ExecConfig, command: &str, name: &str) -> Result<Vec<u8>, String> {
    let started = prepare(exec, command).spawn();
    let not_run = |error: std::io::Error| format!("the kubeconfig's plugin `{name}` cannot be run: {error}");
    let mut plugin = Running(started.map_err(not_run)?);
    let mut output = Vec::new();
    if let Some(stdout) = plugin.0.stdout.take() {
        let read = stdout.take(MAX_PLUGIN_BYTES).read_to_end(&mut output).await;
        read.map_err(not_run)?;
    }
    let status = plugin.0.wait().await.map_err(not_run)?;
    if status.success() {
        Ok(output)
    } else {
        Err(format!(
            "the kubeconfig's plugin `{name}` failed ({status}); `kubectl get --raw /` shows why"
        ))
    }
}

fn prepare(exec: &ExecConfig, command: &str) -> Command {
    let version = exec.api_version.as_deref().unwrap_or("client.authentication.k8s.io/v1");
    let info = json!({"apiVersion": version, "kind": "ExecCredential", "spec": {"interactive": false}});
    let mut plugin = Command::new(command);
    plugin
        .args(exec.args.iter().flatten())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    for variable in exec.env.iter().flatten() {
        if let (Some(name), Some(value)) = (variable.get("name"), variable.get("value")) {
            plugin.env(name, value);
        }
    }
    plugin.env("KUBERNETES_EXEC_INFO", info.to_string());
    #[cfg(unix)]
    plugin.process_group(0);
    plugin
}

/// A plugin; dropped, it ends with all that it started.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It has no number once it was waited for, which happens after its output has ended.
        #[cfg(unix)]
        if let Some(group) = self
            .0
            .id()
            .and_then(|pid| rustix::process::Pid::from_raw(pid.cast_signed()))
        {
            rustix::process::kill_process_group(group, rustix::process::Signal::KILL).ok();
        }
    }
}
