//! A WebSocket client of `mirrord ui`.

use futures_util::StreamExt;
use mirrord_wire::{EventLine, SessionSummary, WsMessage};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::ui::Ui;
use crate::within;

/// An open WebSocket.
pub struct Ws(WebSocketStream<TcpStream>);

impl Ws {
    /// Opens `path` with the right token and the right origin.
    pub async fn open(ui: &Ui, path: &str) -> Self {
        let origin = format!("http://{}", ui.address);
        let opened = Self::attempt(ui, path, &origin, Some(&ui.token)).await;
        opened.expect("the WebSocket opens")
    }

    /// Tries to open `path` with the given credentials.
    ///
    /// # Errors
    /// What the server answered instead.
    pub async fn attempt(ui: &Ui, path: &str, origin: &str, token: Option<&str>) -> Result<Self, Box<Error>> {
        let mut request = format!("ws://{}{path}", ui.address).into_client_request()?;
        let bearer = token.map(|token| ("authorization", format!("Bearer {token}")));
        for (name, value) in [("origin", origin.to_owned())].into_iter().chain(bearer) {
            let value = value.parse().expect("a header's value");
            request.headers_mut().insert(name, value);
        }
        let stream = TcpStream::connect(ui.address).await.expect("the server can be reached");
        let opened = tokio_tungstenite::client_async(request, stream);
        Ok(Self(within("the WebSocket's answer", opened).await?.0))
    }

    /// The next message.
    pub async fn next(&mut self) -> WsMessage {
        loop {
            let message = within("a message on the WebSocket", self.0.next()).await;
            match message
                .expect("the WebSocket is still open")
                .expect("the WebSocket works")
            {
                Message::Text(text) => {
                    return serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
                }
                Message::Close(reason) => panic!("the server closed the WebSocket: {reason:?}"),
                _ => {}
            }
        }
    }

    /// Reads on until a message fits.
    pub async fn until<T>(&mut self, mut fits: impl FnMut(WsMessage) -> Option<T>) -> T {
        loop {
            if let Some(found) = fits(self.next().await) {
                return found;
            }
        }
    }

    /// Reads on until a session is added.
    pub async fn until_added(&mut self) -> Box<SessionSummary> {
        self.until(|message| match message {
            WsMessage::SessionAdded(session) => Some(session),
            _ => None,
        })
        .await
    }

    /// Reads on until a session is removed.
    pub async fn until_removed(&mut self, id: &str) {
        self.until(|message| match message {
            WsMessage::SessionRemoved { session_id } => (session_id == id).then_some(()),
            _ => None,
        })
        .await;
    }

    /// Reads on until an event of a session fits.
    pub async fn until_event<T>(&mut self, id: &str, mut fits: impl FnMut(&EventLine) -> Option<T>) -> T {
        self.until(|message| match message {
            WsMessage::Event { session_id, data } if session_id == id => fits(&data),
            WsMessage::Events { session_id, data } if session_id == id => data.iter().find_map(&mut fits),
            _ => None,
        })
        .await
    }
}
