//! Throughput of `mirrord proxy`, beside a direct connection, socat and nginx's stream proxy: an example of
//! `tcp-proxy` drives all of them from outside, in turn.

use anyhow::Result;

use crate::{
    build, page,
    paths::Paths,
    process, setup,
    target_lock::{Target, TargetLock},
};

/// Every row.
pub(super) fn run(paths: &Paths) -> Result<()> {
    let tools = setup::page_tools(paths)?;
    let proxies = setup::proxies(paths)?;
    let built = build::build_measured(paths, &tools)?;
    let held = TargetLock::take(paths, Target::Native)?;
    let mut cargo = held.cargo(paths);
    cargo
        .args(["run", "--quiet", "--release", "--package", "mirrord-tcp-proxy"])
        .args(["--example", "proxy_load"])
        .env(page::VARIABLE, &built.page)
        .env(build::BINARY_VARIABLE, &built.binary);
    let others = [
        ("MIRRORD_BENCH_SOCAT", proxies.socat),
        ("MIRRORD_BENCH_NGINX", proxies.nginx),
        ("MIRRORD_BENCH_NGINX_STREAM", proxies.nginx_stream),
    ];
    for (variable, place) in others {
        cargo.env(variable, place.unwrap_or_default());
    }
    process::run_shown(&mut cargo)
}
