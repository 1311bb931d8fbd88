//! Starts the page. Natively there is no page: the package is compiled natively for its tests alone.

fn main() {
    #[cfg(target_arch = "wasm32")]
    mirrord_ui_app::app::start();
}
