//! Attacks from the same network.

use hyper::{Method, StatusCode};
use mirrord_tests::mirror::Mirror;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_down_for_who_guesses_alone() {
    let (_home, mirror) = Mirror::with_home().await;
    let mut guesser = mirror.device(3);
    let mut statuses = Vec::new();
    for number in 0..8 {
        let answer = guesser.sign_in("mirrord", &format!("guess {number}")).await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            let wait: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((1..=60).contains(&wait), "{wait}");
        }
        statuses.push(answer.status());
    }
    assert!(statuses.contains(&StatusCode::TOO_MANY_REQUESTS), "{statuses:?}");
    let body = json!({"username": "mirrord", "password": mirror.password});
    for header in ["x-forwarded-for", "x-real-ip", "forwarded", "cf-connecting-ip"] {
        let (mut parts, _) = guesser.request(Method::POST, "/mirror/sign-in").into_parts();
        parts
            .headers
            .insert("content-type", "application/json".parse().unwrap());
        parts.headers.insert(header, "127.0.0.77".parse().unwrap());
        let request = hyper::Request::from_parts(parts, http_body_util::Full::from("{\"ticket\":\"x\"}"));
        let status = guesser.send(request).await.status();
        assert!(status.is_client_error() && status != StatusCode::NO_CONTENT, "{header}");
    }
    let elsewhere = mirror.device(4).send_json(Method::POST, "/mirror/sign-in", &body).await;
    assert_eq!(
        elsewhere.status(),
        StatusCode::NO_CONTENT,
        "the right password from elsewhere works"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_mirrors_own_names_and_pages_are_served() {
    let (_home, mirror) = Mirror::with_home().await;
    let phone = mirror.signed_in(3).await;
    let port = mirror.address.port();
    let host = async |host: &str| {
        let mut request = phone.request(Method::GET, "/api/sessions");
        request.headers_mut().insert("host", host.parse().unwrap());
        phone.send(request).await.status()
    };
    assert_eq!(host(&format!("127.0.0.2:{port}")).await, StatusCode::OK);
    for foreign in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("localhost:{port}"),
        format!("127.0.0.1:{port}"),
        format!("[::1]:{port}"),
        "127.0.0.2".to_owned(),
        format!("127.0.0.2:{}", mirror.ui.address.port()),
        format!("127.0.0.3:{port}"),
    ] {
        assert_eq!(host(&foreign).await, StatusCode::FORBIDDEN, "{foreign}");
    }
    for origin in [
        "http://evil.example",
        "null",
        &format!("https://127.0.0.2:{port}"),
        "http://127.0.0.2",
    ] {
        for (method, path) in [(Method::POST, "/mirror/sign-out"), (Method::GET, "/ws")] {
            let (mut parts, body) = phone.request(method, path).into_parts();
            parts.headers.insert("origin", origin.parse().unwrap());
            parts
                .headers
                .insert("content-type", "application/json".parse().unwrap());
            let status = phone.send(hyper::Request::from_parts(parts, body)).await.status();
            assert_eq!(status, StatusCode::FORBIDDEN, "{origin} {path}");
        }
    }
    assert_eq!(
        phone.get("/api/sessions").await.status(),
        StatusCode::OK,
        "it is still signed in"
    );
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let mut request = phone.request(Method::POST, "/mirror/sign-out");
        request
            .headers_mut()
            .insert("content-type", content_type.parse().unwrap());
        assert_eq!(
            phone.send(request).await.status(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "{content_type}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_connections_and_half_requests_keep_nobody_out() {
    let (_home, mirror) = Mirror::with_home().await;
    let mut held = Vec::new();
    for number in 0..100 {
        let mut stream = TcpStream::connect(mirror.address).await.unwrap();
        if number % 2 == 0 {
            let half = format!("POST /mirror/sign-in HTTP/1.1\r\nHost: {}\r\n", mirror.address);
            stream.write_all(half.as_bytes()).await.unwrap();
        }
        held.push(stream);
    }
    let phone = mirror.signed_in(9).await;
    assert_eq!(phone.get("/api/sessions").await.status(), StatusCode::OK);
    let mut byte = [0; 1];
    assert!(
        matches!(held[0].read(&mut byte).await, Ok(0) | Err(_)),
        "the one that waited longest made room"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_never_end_keep_nobody_out() {
    let (_home, mirror) = Mirror::with_home().await;
    let known = mirror.signed_in(3).await;
    let mut held = Vec::new();
    for number in 0..40 {
        let slow = mirror.device(100 + number / 8);
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind(std::net::SocketAddr::new(slow.from, 0)).unwrap();
        let mut stream = socket.connect(mirror.address).await.unwrap();
        let head = format!(
            "POST /mirror/sign-in HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{{",
            mirror.address
        );
        // One that had to make room already cannot be written to.
        stream.write_all(head.as_bytes()).await.ok();
        held.push(stream);
        assert_eq!(known.get("/api/sessions").await.status(), StatusCode::OK, "{number}");
    }
    mirror.signed_in(4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_paths_open_nothing() {
    let (_home, mirror) = Mirror::with_home().await;
    let (stranger, phone) = (mirror.device(3), mirror.signed_in(4).await);
    for path in [
        "//api/sessions",
        "/api//sessions",
        "/api/sessions/",
        "/API/sessions",
        "/assets/../api/sessions",
        "/assets/%2e%2e/api/sessions",
        "/health/../api/sessions",
        "/mirror/sign-in/../../api/sessions",
        "/api/mirror/",
        "/api/mirror/devices/",
        "/api/%6dirror",
        "/mirror/sidebar/",
    ] {
        let open = stranger.get(path).await;
        let told = String::from_utf8_lossy(open.body()).into_owned();
        assert!(
            open.status().is_client_error() && !told.starts_with('['),
            "{path}: {} {told}",
            open.status()
        );
        let known = phone.get(path).await;
        let told = String::from_utf8_lossy(known.body()).into_owned();
        assert!(
            known.status().is_client_error() && !told.contains("credentials"),
            "{path}: {told}"
        );
    }
}
