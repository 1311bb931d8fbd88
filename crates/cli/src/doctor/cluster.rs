//! Check of the kubeconfig: whether it can be read. No cluster is asked and no credential plugin is run.

use mirrord_ui_server::{ClusterSetup, cluster_setup};

use super::check::Check;

pub(super) fn check() -> Check {
    judge(cluster_setup())
}

fn judge(setup: ClusterSetup) -> Check {
    let name = "kubeconfig";
    match setup {
        ClusterSetup::None => Check::ok(name, "none: no cluster is asked for a mirrord operator"),
        ClusterSetup::Context(context) => {
            Check::ok(name, format!("its context `{context}` is asked for a mirrord operator"))
        }
        ClusterSetup::Unusable(trouble) => Check::warn(
            name,
            trouble,
            "`kubectl config view` shows why; with `mirrord ui --no-cluster` it is not read",
        ),
        _ => Check::ok(name, "not read: this build asks no cluster"),
    }
}
