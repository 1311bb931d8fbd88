//! The Worker: takes messages, decides in slices of a few milliseconds, and answers. Natively there is none.

#[cfg(target_arch = "wasm32")]
mod worker;

fn main() {
    #[cfg(target_arch = "wasm32")]
    worker::start();
}
