//! How fast `mirrord proxy` passes bytes, beside a direct connection, socat and nginx's stream proxy: an example of
//! `ui-server` drives all of them from outside, in turn.

use anyhow::Result;

use crate::{
    build::{self, Profile},
    page,
    places::Places,
    process, setup,
    shared::{Held, Target},
};

/// Every row.
pub(super) fn run(places: &Places) -> Result<()> {
    let tools = setup::page_tools(places)?;
    let proxies = setup::proxies(places)?;
    let built = build::build_with(places, &tools, Profile::Release)?;
    let held = Held::take(places, Target::Native)?;
    let mut cargo = held.cargo(places);
    cargo
        .args(["run", "--quiet", "--release", "--package", "mirrord-ui-server"])
        .args(["--example", "proxy_load"])
        .env(page::VARIABLE, &built.page)
        .env("MIRRORD_BIN", &built.binary);
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
