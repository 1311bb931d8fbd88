//! One instance, asked by another process: what the command line has of it.

use mirrord_ui_server::instance::{self, Taken};
use mirrord_ui_server::{LoopbackListeners, Options, Server};
use tokio_util::sync::CancellationToken;

use crate::support::PATIENCE;

#[tokio::test(flavor = "multi_thread")]
async fn a_running_instance_gives_an_address_without_its_token() {
    let folder = tempfile::tempdir().unwrap();
    let sessions = folder.path().join("sessions");
    let Taken::Ours(own) = instance::take(&sessions).unwrap() else {
        panic!("there is no other")
    };
    let listeners = LoopbackListeners::bind(0).await.unwrap();
    let options = Options {
        sessions_dir: sessions.clone(),
        ..Options::default()
    };
    let server = Server::new(listeners, options).unwrap();
    own.announce(&server);
    let (port, token, first) = (server.port(), server.token().to_owned(), server.ticket_url().unwrap());
    let shutdown = CancellationToken::new();
    let serving = tokio::spawn(server.run(shutdown.clone()));
    let ask = move || {
        let running = instance::find(&sessions).unwrap().unwrap();
        let first = running.ticket_url().unwrap();
        (first, running.ticket_url().unwrap())
    };
    let (second, third) = tokio::task::spawn_blocking(ask).await.unwrap();
    for url in [&first, &second, &third] {
        let ticket = url.strip_prefix(&format!("http://127.0.0.1:{port}/?ticket=")).unwrap();
        assert!(ticket.len() == 64 && ticket != token, "{url}");
    }
    assert!(first != second && second != third);
    shutdown.cancel();
    tokio::time::timeout(PATIENCE, serving).await.unwrap().unwrap();
}
