//! Runs the credential plugin that a kubeconfig names, as `kubectl` does, but never for long and never with a terminal.
//!
//! Invariant: when the question is over, so is the plugin, with the process group that it was started in. What it writes
//! is bounded and never shown; it may be a credential. One that failed or let the time run out is not started again, since it
//! may open a browser each time, until its entry in the kubeconfig changes or this program is restarted.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kube::config::{ExecConfig, ExecInteractiveMode};
use serde::Deserialize;
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};

use super::operator::cut;
use crate::limits::MAX_PLUGIN_BYTES;

/// The plugin that failed last, as a hash of what the kubeconfig says of it, and why.
#[derive(Debug, Default)]
pub(super) struct FailedPlugin(Mutex<Option<(u64, String)>>);

impl FailedPlugin {
    /// Why a plugin is not started; `None` where it may be.
    fn refusal(&self, plugin: u64) -> Option<String> {
        let failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, reason) = failed.as_ref().filter(|(own, _)| *own == plugin)?;
        Some(format!(
            "{reason}; it is not started again: start `mirrord ui` anew for that, or with --no-cluster to ask no cluster"
        ))
    }

    fn set(&self, failed: Option<(u64, String)>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = failed;
    }
}

/// Credentials from a plugin; the certificate and its key as a kubeconfig has them, in Base64.
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
pub(super) async fn run(exec: &ExecConfig, failed: &FailedPlugin) -> Result<Credentials, String> {
    let command = exec
        .command
        .as_deref()
        .ok_or("the kubeconfig names a plugin without a command")?;
    let name = cut(command);
    if exec.interactive_mode == Some(ExecInteractiveMode::Always) {
        return Err(format!("the kubeconfig's plugin `{name}` wants a terminal"));
    }
    let plugin = hash(exec);
    if let Some(refusal) = failed.refusal(plugin) {
        return Err(refusal);
    }
    // Where the time runs out, this is dropped: then nothing but what is written here is left.
    failed.set(Some((
        plugin,
        format!("the kubeconfig's plugin `{name}` took too long"),
    )));
    let answer = credentials(exec, command, &name).await;
    failed.set(answer.as_ref().err().map(|reason| (plugin, reason.clone())));
    answer
}

/// A hash of everything that the kubeconfig says of a plugin.
fn hash(exec: &ExecConfig) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&exec.command, &exec.args, &exec.api_version).hash(&mut hasher);
    for variable in exec.env.iter().flatten() {
        let mut pairs: Vec<_> = variable.iter().collect();
        pairs.sort_unstable();
        pairs.hash(&mut hasher);
    }
    hasher.finish()
}

async fn credentials(exec: &ExecConfig, command: &str, name: &str) -> Result<Credentials, String> {
    let answer: Answer = serde_json::from_slice(&output(exec, command, name).await?)
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
        if let Some(leader) = self.0.id() {
            crate::platform::system::kill_group(leader);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// Shell of the system, its option that takes a script, and the separator of two commands of one.
    const SHELL: (&str, &str, &str) = if cfg!(windows) {
        ("cmd", "/C", "&")
    } else {
        ("sh", "-c", ";")
    };
    const FAILS: &str = "exit 3";
    const HANGS: &str = if cfg!(windows) {
        "for /L %i in (0,0,1) do @rem"
    } else {
        "exec sleep 600"
    };

    /// Plugin that records each of its starts and then runs a script, in a folder whose path has no spaces.
    fn plugin(folder: &Path, script: &str) -> ExecConfig {
        let (shell, option, then) = SHELL;
        let text = format!("echo started>>{} {then} {script}", folder.join("starts").display());
        serde_json::from_value(json!({"command": shell, "args": [option, text]})).unwrap()
    }

    /// Plugin that gives credentials.
    fn good_plugin(folder: &Path) -> ExecConfig {
        let answer = folder.join("answer");
        fs::write(&answer, r#"{"status":{"token":"t"}}"#).unwrap();
        let print = if cfg!(windows) { "type" } else { "cat" };
        plugin(folder, &format!("{print} {}", answer.display()))
    }

    fn starts(folder: &Path) -> usize {
        fs::read_to_string(folder.join("starts")).map_or(0, |text| text.lines().count())
    }

    #[tokio::test]
    async fn a_plugin_that_failed_is_not_started_again_until_it_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let failed = FailedPlugin::default();
        let bad = plugin(folder.path(), FAILS);
        for started in [1, 1, 1] {
            let reason = run(&bad, &failed).await.err().unwrap();
            assert!(
                reason.contains("failed") && reason.contains(&format!("`{}`", SHELL.0)),
                "{reason}"
            );
            assert_eq!(starts(folder.path()), started);
        }
        assert!(run(&bad, &failed).await.err().unwrap().contains("--no-cluster"));
        let good = good_plugin(folder.path());
        for started in [2, 3] {
            assert_eq!(run(&good, &failed).await.ok().unwrap().token.as_deref(), Some("t"));
            assert_eq!(starts(folder.path()), started, "one that works is asked each time");
        }
    }

    #[tokio::test]
    async fn a_plugin_that_took_too_long_is_not_started_again() {
        let folder = tempfile::tempdir().unwrap();
        let failed = FailedPlugin::default();
        let slow = plugin(folder.path(), HANGS);
        {
            let running = run(&slow, &failed);
            tokio::pin!(running);
            while starts(folder.path()) == 0 {
                tokio::select! {
                    _ = &mut running => panic!("it hangs"),
                    () = tokio::task::yield_now() => {}
                }
            }
        }
        let reason = run(&slow, &failed).await.err().unwrap();
        assert!(reason.contains("took too long"), "{reason}");
        assert_eq!(starts(folder.path()), 1);
    }
}
