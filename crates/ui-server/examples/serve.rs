//! The server by itself, until Ctrl-C: `cargo run -p mirrord-ui-server --example serve -- SESSIONS_DIR [PORT]`.

use std::error::Error;
use std::net::Ipv4Addr;

use mirrord_ui_server::{Options, Server};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let sessions_dir = arguments.next().ok_or("the sessions directory is missing")?.into();
    let port = arguments.next().map_or(Ok(0), |port| port.parse())?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
            let version = env!("CARGO_PKG_VERSION").to_owned();
            let server = Server::new(
                listener,
                Options {
                    sessions_dir,
                    version,
                    ..Options::default()
                },
            )?;
            eprintln!("{}", server.url());
            server.run(CancellationToken::new()).await?;
            Ok(())
        })
}
