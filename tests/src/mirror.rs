//! The mirror of a running `mirrord ui`, and the devices that a test has: clients on loopback addresses of their own.
//!
//! 127.0.0.2 and its like are other devices to the server: nothing in it looks at what kind of address it is. The machine's
//! real addresses are never used.

use std::net::{IpAddr, SocketAddr};

use futures_util::StreamExt;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::HeaderMap;
use hyper::{Method, Request, StatusCode};
use mirrord_wire::mirror::{Device, MirrorState, MirrorStatus, Pairing};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::home::Home;
use crate::http::{self, Answer};
use crate::ui::Ui;
use crate::{eventually, within};

/// A `mirrord ui` whose mirror is on.
pub struct Mirror {
    /// The desktop's side.
    pub ui: Ui,
    /// Address of the mirror's listener.
    pub address: SocketAddr,
    /// Its random password.
    pub password: String,
}

impl Mirror {
    /// Starts one on a free port of 127.0.0.2.
    pub async fn start(home: &Home) -> Self {
        let ui = Ui::start_with(home, &["--port", "0", "--mirror", "127.0.0.2:0"]).await;
        Self::of(ui).await
    }

    /// Starts one in a home of its own.
    pub async fn with_home() -> (Home, Self) {
        let home = Home::new();
        let mirror = Self::start(&home).await;
        (home, mirror)
    }

    /// The mirror of a `mirrord ui` that turns it on.
    pub async fn of(ui: Ui) -> Self {
        let status = state(&ui, MirrorState::On).await;
        let url = &status.urls.first().expect("a mirror that is on has an address").url;
        let address = url.rsplit('/').next().and_then(|address| address.parse().ok());
        Self {
            address: address.expect("the address has a port"),
            password: status.credentials.password.unwrap_or_default(),
            ui,
        }
    }

    /// A device that was never here, at an address of its own.
    #[must_use]
    pub fn device(&self, last: u8) -> Phone {
        Phone {
            from: IpAddr::from([127, 0, 0, last]),
            to: self.address,
            cookie: None,
        }
    }

    /// A device that is signed in.
    pub async fn signed_in(&self, last: u8) -> Phone {
        let mut phone = self.device(last);
        let status = phone.sign_in("mirrord", &self.password).await.status();
        assert_eq!(status, StatusCode::NO_CONTENT);
        phone
    }

    /// A new ticket, in the form of an address's fragment.
    pub async fn ticket(&self) -> String {
        let pairing: Pairing = self.manage(Method::POST, "/api/mirror/pair", &json!({})).await;
        let (url, ticket) = pairing.url.split_once('#').expect("the ticket is in the fragment");
        assert_eq!(url, format!("http://{}/mirror/pair", self.address));
        ticket.to_owned()
    }

    /// The device that signed in last.
    pub async fn newest_device(&self) -> Device {
        self.ui.json::<Vec<Device>>("/api/mirror/devices").await.remove(0)
    }

    /// Gives a device a role: `viewer` or `controller`.
    pub async fn set_role(&self, device: &Device, role: &str) {
        let path = format!("/api/mirror/devices/{}", device.id);
        let _: Device = self.manage(Method::PATCH, &path, &json!({"role": role})).await;
    }

    /// Signs a device out.
    pub async fn revoke(&self, device: &Device) {
        let path = format!("/api/mirror/devices/{}", device.id);
        let _: Value = self.manage(Method::DELETE, &path, &json!({})).await;
    }

    /// Asks something of the desktop, which has to succeed.
    pub async fn manage<T: DeserializeOwned>(&self, method: Method, path: &str, body: &Value) -> T {
        let answer = manage(&self.ui, method, path, body).await;
        assert!(answer.status().is_success(), "{path}: {:?}", answer.body());
        let text = if answer.body().is_empty() {
            b"null"
        } else {
            answer.body().as_ref()
        };
        serde_json::from_slice(text).expect("the answer is what the route gives")
    }
}

/// Asks something of the desktop.
pub async fn manage(ui: &Ui, method: Method, path: &str, body: &Value) -> Answer {
    let (mut parts, _) = ui.request(method, path).into_parts();
    parts
        .headers
        .insert("content-type", "application/json".parse().expect("a header"));
    ui.send(Request::from_parts(parts, Full::from(body.to_string()))).await
}

/// Waits until the mirror is in a state.
pub async fn state(ui: &Ui, state: MirrorState) -> MirrorStatus {
    eventually("the mirror is as it should be", async || {
        let status: MirrorStatus = ui.json("/api/mirror").await;
        (status.state == state).then_some(status)
    })
    .await
}

/// A device on the network.
#[derive(Debug, Clone)]
pub struct Phone {
    /// The address that it comes from.
    pub from: IpAddr,
    /// The mirror.
    pub to: SocketAddr,
    /// Its cookie, once it has one: name and value.
    pub cookie: Option<String>,
}

impl Phone {
    async fn connect(&self) -> TcpStream {
        let socket = TcpSocket::new_v4().expect("there are sockets");
        socket
            .bind(SocketAddr::new(self.from, 0))
            .expect("every loopback address is ours");
        within("a connection", socket.connect(self.to))
            .await
            .expect("the mirror can be reached")
    }

    /// A request as this device sends it.
    #[must_use]
    pub fn request(&self, method: Method, path: &str) -> Request<Full<Bytes>> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", self.to.to_string());
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        request.body(Full::default()).expect("a test's request is valid")
    }

    /// Sends one request on a connection of its own.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> Answer {
        http::send_on(self.connect().await, request).await
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// GET, which has to succeed, as JSON.
    pub async fn json<T: DeserializeOwned>(&self, path: &str) -> T {
        let answer = self.get(path).await;
        assert!(
            answer.status().is_success(),
            "{path}: {} {:?}",
            answer.status(),
            answer.body()
        );
        serde_json::from_slice(answer.body()).expect("the answer is what the route gives")
    }

    /// Sends JSON.
    pub async fn send_json(&self, method: Method, path: &str, body: &Value) -> Answer {
        let (mut parts, _) = self.request(method, path).into_parts();
        parts
            .headers
            .insert("content-type", "application/json".parse().expect("a header"));
        self.send(Request::from_parts(parts, Full::from(body.to_string())))
            .await
    }

    /// Tries a user name and a password; takes the cookie that comes of it.
    pub async fn sign_in(&mut self, username: &str, password: &str) -> Answer {
        let body = json!({"username": username, "password": password});
        let answer = self.send_json(Method::POST, "/mirror/sign-in", &body).await;
        self.take_cookie(answer.headers());
        answer
    }

    /// Tries a ticket; takes the cookie that comes of it.
    pub async fn redeem(&mut self, ticket: &str) -> Answer {
        let answer = self
            .send_json(Method::POST, "/mirror/pair", &json!({"ticket": ticket}))
            .await;
        self.take_cookie(answer.headers());
        answer
    }

    /// Takes the cookie of an answer.
    pub fn take_cookie(&mut self, headers: &HeaderMap) {
        if let Some(cookie) = headers.get("set-cookie").and_then(|cookie| cookie.to_str().ok()) {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
    }

    /// Opens a WebSocket.
    ///
    /// # Errors
    /// What the mirror answered instead.
    pub async fn open(&self, path: &str) -> Result<PhoneSocket, StatusCode> {
        let origin = format!("http://{}", self.to);
        let mut request = format!("ws://{}{path}", self.to)
            .into_client_request()
            .expect("an address");
        request
            .headers_mut()
            .insert("origin", origin.parse().expect("a header"));
        if let Some(cookie) = &self.cookie {
            request
                .headers_mut()
                .insert("cookie", cookie.parse().expect("a header"));
        }
        let opened = within(
            "the WebSocket's answer",
            tokio_tungstenite::client_async(request, self.connect().await),
        )
        .await;
        match opened {
            Ok((socket, _)) => Ok(PhoneSocket(socket)),
            Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => Err(answer.status()),
            Err(error) => panic!("no answer to a WebSocket: {error}"),
        }
    }
}

/// A device's WebSocket.
pub struct PhoneSocket(WebSocketStream<TcpStream>);

impl PhoneSocket {
    /// The next message as text, or the reason for which the mirror closed it.
    pub async fn next(&mut self) -> Result<String, String> {
        loop {
            match within("a message on the WebSocket", self.0.next()).await {
                Some(Ok(Message::Text(text))) => return Ok(text.to_string()),
                Some(Ok(Message::Close(frame))) => {
                    return Err(frame.map_or_else(String::new, |frame| frame.reason.to_string()));
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.to_string()),
                None => return Err("gone".to_owned()),
            }
        }
    }

    /// Reads on until a message has a text in it; gives all that came.
    pub async fn until(&mut self, text: &str) -> Vec<String> {
        let mut all = Vec::new();
        loop {
            let message = self.next().await.expect("the WebSocket is still open");
            let found = message.contains(text);
            all.push(message);
            if found {
                return all;
            }
        }
    }
}
