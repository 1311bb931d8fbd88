//! Devices get the desktop's events at the same time, and its order.

use hyper::{Method, StatusCode};
use mirrord_tests::mirror::Mirror;
use mirrord_tests::ws::Ws;
use mirrord_wire::WsMessage;
use mirrord_wire::mirror::{Me, Permission, Sidebar};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn the_desktops_order_reaches_who_listens_who_comes_late_and_who_asks() {
    let (_home, mirror) = Mirror::with_home().await;
    let phone = mirror.signed_in(3).await;
    let mut socket = phone.open("/ws").await.unwrap();
    assert_eq!(phone.json::<Sidebar>("/mirror/sidebar").await, Sidebar::default());
    for order in [["a", "b"], ["b", "a"]] {
        let kept: Sidebar = mirror
            .manage(
                Method::PUT,
                "/mirror/sidebar",
                &json!({"order": order, "pinned": ["b"]}),
            )
            .await;
        assert_eq!(kept.order, order);
    }
    let newest = r#""version":2,"order":["b","a"],"pinned":["b"]"#;
    socket.until(newest).await;
    let mut late = phone.open("/ws").await.unwrap();
    assert!(
        late.next().await.unwrap().starts_with(r#"{"type":"sessions""#),
        "the snapshot comes first"
    );
    assert!(late.next().await.unwrap().contains(newest));
    assert_eq!(phone.json::<Sidebar>("/mirror/sidebar").await.order, ["b", "a"]);
    let refused = phone
        .send_json(Method::PUT, "/mirror/sidebar", &json!({"order": []}))
        .await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    for (body, status) in [
        (json!({"order": ["../x"]}), StatusCode::BAD_REQUEST),
        (json!({"order": 7}), StatusCode::BAD_REQUEST),
        (json!({"view": "x".repeat(70_000)}), StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let answer = mirrord_tests::mirror::manage(&mirror.ui, Method::PUT, "/mirror/sidebar", &body).await;
        assert_eq!(answer.status(), status);
    }
    assert_eq!(phone.json::<Sidebar>("/mirror/sidebar").await.version, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desktop_is_told_of_news_and_a_device_is_not() {
    let (_home, mirror) = Mirror::with_home().await;
    let phone = mirror.signed_in(3).await;
    let mut socket = phone.open("/ws").await.unwrap();
    let mut desktop = Ws::open(&mirror.ui, "/ws").await;
    mirror.signed_in(4).await;
    desktop
        .until(|message| (message == WsMessage::MirrorUpdated).then_some(()))
        .await;
    mirror
        .manage::<Sidebar>(Method::PUT, "/mirror/sidebar", &json!({"order": ["last"]}))
        .await;
    let told = socket.until("last").await;
    assert!(
        told.iter().all(|message| !message.contains("mirror_updated")),
        "{told:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_told_to_ask_who_it_is_when_that_changes_and_the_desktop_is_not() {
    let (_home, mirror) = Mirror::with_home().await;
    let phone = mirror.signed_in(3).await;
    let mut socket = phone.open("/ws").await.unwrap();
    assert!(socket.next().await.unwrap().starts_with(r#"{"type":"sessions""#));
    let mut desktop = Ws::open(&mirror.ui, "/ws").await;
    let me: Me = phone.json("/api/me").await;
    let device = me.device.unwrap();
    for (role, may) in [("controller", true), ("viewer", false)] {
        mirror.set_role(&device, role).await;
        assert_eq!(socket.next().await.unwrap(), r#"{"type":"me_updated"}"#);
        let me: Me = phone.json("/api/me").await;
        assert_eq!(me.permissions.contains(&Permission::EndSessions), may);
    }
    mirror
        .manage::<Sidebar>(Method::PUT, "/mirror/sidebar", &json!({"order": ["last"]}))
        .await;
    desktop
        .until(|message| match message {
            WsMessage::MeUpdated => panic!("the desktop is who it is"),
            WsMessage::SidebarUpdated(_) => Some(()),
            _ => None,
        })
        .await;
}
