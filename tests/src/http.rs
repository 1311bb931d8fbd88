//! A plain HTTP client that sends exactly the headers that it is given.

use std::net::SocketAddr;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::within;

/// An answer, whole.
pub type Answer = Response<Bytes>;

/// Sends one request on a connection of its own. `Host` is the caller's to set.
pub async fn send(address: SocketAddr, request: Request<Full<Bytes>>) -> Answer {
    let stream = TcpStream::connect(address).await.expect("the server can be reached");
    send_on(stream, request).await
}

/// Sends one request on a connection.
pub async fn send_on(stream: TcpStream, request: Request<Full<Bytes>>) -> Answer {
    within("an HTTP answer", async {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .expect("the server speaks HTTP");
        tokio::spawn(connection);
        let (parts, body) = sender
            .send_request(request)
            .await
            .expect("the server answers")
            .into_parts();
        Response::from_parts(parts, body.collect().await.expect("the answer is whole").to_bytes())
    })
    .await
}
