//! `mirrord ui` where no browser can open: over SSH, in WSL, and behind a forwarded port.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use hyper::{Method, StatusCode};
use mirrord_tests::home::Home;
use mirrord_tests::ui::Ui;
use mirrord_tests::ws::Ws;
use mirrord_tests::{eventually, within};
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;

/// Programs that note how they were called, in place of every browser.
fn with_openers(home: &Home, command: &mut Command, names: &[&str]) -> std::path::PathBuf {
    let (bin, called) = (home.path().join("bin"), home.path().join("called"));
    std::fs::create_dir_all(&bin).unwrap();
    for name in names {
        let script = format!(
            "#!/bin/sh\necho \"{name} $*\" > {0}.new; mv {0}.new {0}\n",
            called.display()
        );
        std::fs::write(bin.join(name), script).unwrap();
        std::fs::set_permissions(bin.join(name), std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", bin.display()));
    called
}

#[tokio::test(flavor = "multi_thread")]
async fn over_ssh_no_browser_is_tried_and_the_line_to_type_is_printed() {
    let home = Home::new();
    let mut command = home.mirrord(["ui", "--port", "0"]);
    let called = with_openers(&home, &mut command, &["xdg-open", "gio", "wslview"]);
    command
        .env("SSH_CONNECTION", "192.0.2.7 5022 192.0.2.1 22")
        .env("USER", "ada")
        .env("DISPLAY", ":10");
    command.stderr(Stdio::piped());
    let mut ui = Ui::spawn(command).await;
    let port = ui.address.port();
    let mut stderr = ui.child.stderr.take().unwrap();
    assert!(ui.interrupt().await.success());
    let mut said = String::new();
    within("what it says", stderr.read_to_string(&mut said)).await.unwrap();
    let line = format!("ssh -L {port}:127.0.0.1:{port} ada@192.0.2.1");
    assert!(said.lines().any(|own| own.trim() == line), "{said}");
    assert!(said.contains("--allow-host"), "{said}");
    assert!(!called.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn in_wsl_the_browser_of_windows_opens_and_is_not_told_the_token() {
    let home = Home::new();
    let mut command = home.mirrord(["ui", "--port", "0"]);
    let called = with_openers(&home, &mut command, &["wslview"]);
    command.env("WSL_DISTRO_NAME", "Debian");
    let ui = Ui::spawn(command).await;
    let call = eventually("the browser opens", async || std::fs::read_to_string(&called).ok()).await;
    let address = format!("wslview http://127.0.0.1:{}/?", ui.address.port());
    assert!(call.starts_with(&address), "{call}");
    assert!(!call.contains(&ui.token), "every user sees the arguments of a program");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forwarded_port_is_admitted_by_name() {
    let home = Home::new();
    let ui = Ui::start_with(&home, &["--port", "0", "--allow-host", "localhost:8080"]).await;
    let forwarded = |method: Method, path: &str, host: &str| {
        let mut request = ui.request(method, path);
        request.headers_mut().insert("host", host.parse().unwrap());
        request
    };
    for (host, status) in [
        ("localhost:8080", StatusCode::OK),
        ("LOCALHOST:8080", StatusCode::OK),
        ("localhost:8081", StatusCode::FORBIDDEN),
        ("evil.example:8080", StatusCode::FORBIDDEN),
    ] {
        for path in ["/", "/health", "/api/version"] {
            assert_eq!(
                ui.send(forwarded(Method::GET, path, host)).await.status(),
                status,
                "{host} {path}"
            );
        }
    }
    let sign_in = ui
        .send(forwarded(
            Method::GET,
            &format!("/?token={}", ui.token),
            "localhost:8080",
        ))
        .await;
    assert_eq!(sign_in.status(), StatusCode::SEE_OTHER);
    let location = sign_in.headers()["location"].to_str().unwrap();
    assert!(location.starts_with("/?code="), "{location}");
    let mut kill = forwarded(Method::POST, "/api/sessions/none/kill", "localhost:8080");
    kill.headers_mut()
        .insert("content-type", "application/json".parse().unwrap());
    for (origin, status) in [
        ("http://localhost:8080", StatusCode::NOT_FOUND),
        ("http://localhost:8081", StatusCode::FORBIDDEN),
    ] {
        let mut kill = kill.clone();
        kill.headers_mut().insert("origin", origin.parse().unwrap());
        assert_eq!(ui.send(kill).await.status(), status, "{origin}");
    }
    // A proxy that rewrites `Host` to ours: the page is still under the name that was allowed.
    let path = format!("/ws?token={}", ui.token);
    for (origin, is_admitted) in [("http://localhost:8080", true), ("http://localhost:8081", false)] {
        let opened = Ws::attempt(&ui, &path, origin, None).await;
        assert_eq!(opened.is_ok(), is_admitted, "{origin}");
    }
}
