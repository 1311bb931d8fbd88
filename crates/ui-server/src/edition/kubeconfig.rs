//! Kubeconfig that `kubectl` would use, and nothing else.
//!
//! No file, or none with a cluster in it, means no cluster. The error for a file that cannot be read names the file and
//! the kind of trouble, and never repeats what is in it: there are credentials in it.

use std::env;
use std::io;
use std::path::{Path, PathBuf};

use kube::config::{Kubeconfig, KubeconfigError};

use crate::limits::MAX_KUBECONFIG_BYTES;

/// Reads it. `None`: there is none.
pub(super) fn read() -> Result<Option<Kubeconfig>, String> {
    let mut merged: Option<Kubeconfig> = None;
    for path in paths() {
        if !is_there(&path)? {
            continue;
        }
        let told = |error: &KubeconfigError| format!("the kubeconfig {} {}", path.display(), trouble(error));
        let next = Kubeconfig::read_from(&path).map_err(|error| told(&error))?;
        merged = Some(match merged {
            None => next,
            Some(before) => before.merge(next).map_err(|error| told(&error))?,
        });
    }
    Ok(merged.filter(|config| !config.clusters.is_empty() || !config.contexts.is_empty()))
}

/// Returns the name of the current context; `None` without a kubeconfig.
pub(super) fn current_context() -> Result<Option<String>, String> {
    let Some(config) = read()? else { return Ok(None) };
    let name = config
        .current_context
        .filter(|name| !name.is_empty())
        .ok_or("the kubeconfig has no current context")?;
    if !config.contexts.iter().any(|context| context.name == name) {
        return Err("the kubeconfig does not have its current context".to_owned());
    }
    Ok(Some(name))
}

fn paths() -> Vec<PathBuf> {
    let given = env::var_os("KUBECONFIG").unwrap_or_default();
    let given: Vec<_> = env::split_paths(&given)
        .filter(|path| !path.as_os_str().is_empty())
        .collect();
    if !given.is_empty() {
        return given;
    }
    let home = env::home_dir().filter(|home| home.is_absolute());
    home.map(|home| home.join(".kube").join("config")).into_iter().collect()
}

/// As for `kubectl`, a file that is missing is one that says nothing.
fn is_there(path: &Path) -> Result<bool, String> {
    match path.metadata() {
        Ok(found) if !found.is_file() => Err(format!("the kubeconfig {} is not a file", path.display())),
        Ok(found) if found.len() > MAX_KUBECONFIG_BYTES => {
            Err(format!("the kubeconfig {} is too long", path.display()))
        }
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(format!("the kubeconfig {} cannot be read: {error}", path.display())),
    }
}

/// The kind of trouble. The texts of some errors quote the file.
pub(super) fn trouble(error: &KubeconfigError) -> &'static str {
    match error {
        KubeconfigError::CurrentContextNotSet => "has no current context",
        KubeconfigError::KindMismatch | KubeconfigError::ApiVersionMismatch => "does not go with those before it",
        KubeconfigError::LoadContext(_) => "does not have its current context",
        KubeconfigError::LoadClusterOfContext(_) => "does not have the cluster of its current context",
        KubeconfigError::ReadConfig(..) | KubeconfigError::FindPath => "cannot be read",
        KubeconfigError::Parse(_) => "is not written as one",
        KubeconfigError::MissingClusterUrl => "has no server for its cluster",
        KubeconfigError::ParseClusterUrl(_) => "has a server that is no address",
        KubeconfigError::LoadCertificateAuthority(_) | KubeconfigError::ParseCertificates(_) => {
            "has a certificate authority that cannot be read"
        }
        KubeconfigError::LoadClientCertificate(_) | KubeconfigError::LoadClientKey(_) => {
            "has a client certificate that cannot be read"
        }
        _ => "cannot be used",
    }
}
