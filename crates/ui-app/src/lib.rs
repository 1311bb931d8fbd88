//! The page of the session monitor.
//!
//! `state`, `format` and `i18n` are plain Rust, know nothing of a browser and are tested natively. The rest is the
//! browser's: `api` alone talks to the server, `components` and `pages` show, `app` puts them together.

// `#[component]` makes its function and the struct of its properties `pub` in a private module.
#![allow(unreachable_pub)]
// `view!` boxes a closure that is written in it, and compiles what is around any other once for each: `{move || name()}`.
#![allow(clippy::redundant_closure)]

pub mod codec;
pub mod format;
pub mod i18n;
pub mod state;

#[cfg(target_arch = "wasm32")]
mod api;
#[cfg(target_arch = "wasm32")]
pub mod app;
#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod components;
#[cfg(target_arch = "wasm32")]
mod controllers;
#[cfg(target_arch = "wasm32")]
mod erased;
#[cfg(target_arch = "wasm32")]
mod ids;
#[cfg(target_arch = "wasm32")]
mod pages;
#[cfg(target_arch = "wasm32")]
mod store;
