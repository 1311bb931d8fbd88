//! Ending a session from a device, and a device's own end: by a controller, by a viewer (refused), by a revocation.

use mirrord_tests::browser::{Tab, visible};
use mirrord_tests::eventually;
use mirrord_tests::mirror::Mirror;
use mirrord_tests::program::Program;
use mirrord_wire::mirror::{AuditEntry, AuditKind};

use super::page::{mirror, pair, phone};
use crate::page::row;

/// Has the page keep what its WebSockets are sent, and how they end.
const LISTEN: &str = "(() => {
    window.told = '';
    window.WebSocket = class extends WebSocket {
        constructor(...all) {
            super(...all);
            this.addEventListener('message', event => window.told += event.data);
            this.addEventListener('close', event => window.ended = [event.code, event.reason].join(' '));
        }
    };
})()";

/// The request of a page that offered a viewer to end a session.
const END: &str = "fetch('/api/sessions/ends/kill', {method: 'POST', headers: {'content-type': 'application/json'}, body: '{}'}).then(answer => answer.status)";

async fn logged(mirror: &Mirror, kind: AuditKind) -> AuditEntry {
    eventually("the log has it", async || {
        let log: Vec<AuditEntry> = mirror.ui.json("/api/mirror/audit").await;
        log.into_iter().find(|entry| entry.kind == kind)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_ends_nothing_and_a_controller_ends_the_program_from_the_page() {
    let (home, mirror) = mirror().await;
    let mut program = Program::start(&home, "ends", &["sleep", "1000"]).await;
    let (desktop, phone) = tokio::join!(Tab::open(1440, 900), phone(360));
    desktop.goto(&mirror.ui.url()).await;
    desktop.shows("connection-state", "Live").await;
    desktop.follow("#/settings").await;
    pair(&mirror, &phone).await;
    phone.click("[data-session-id='ends']").await;
    phone.shows("status", "live").await;
    for absent in ["end", "end-session"] {
        assert!(!phone.is(&visible(absent)).await);
    }
    assert_eq!(phone.value::<u16>(END).await, 403);
    let device = mirror.newest_device().await;
    let refused = logged(&mirror, AuditKind::Refused).await;
    assert_eq!(
        (refused.device.as_ref(), refused.detail.as_str()),
        (Some(&device.id), "POST /api/sessions/ends/kill")
    );
    desktop.shows("audit", "POST /api/sessions/ends/kill").await;
    assert!(program.child.try_wait().unwrap().is_none(), "it runs on");

    desktop.click("[data-testid='device-grant']").await;
    desktop.shows("mirror-question", "end any session").await;
    assert!(!phone.is(&visible("end")).await, "asked is not granted");
    desktop.click("[data-testid='question-go']").await;
    phone.shows("mirror-banner", "may end sessions").await;
    phone.becomes(&visible("end")).await;
    phone.click("[data-testid='end']").await;
    phone.shows("end-session", "sleep 1000").await;
    phone.click("[data-testid='end-now']").await;
    phone.shows("end-outcome", "It has ended").await;
    assert!(!program.finish_without_output().await.success(), "SIGTERM ended it");
    let ended = logged(&mirror, AuditKind::EndedSession).await;
    assert_eq!(ended.device, Some(device.id));
    desktop.shows("audit", "session ended").await;
    let complaints = phone.complaints();
    assert!(complaints.iter().all(|own| own.contains("403")), "{complaints:?}");
    phone.close().await;
    desktop.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn once_a_device_is_revoked_its_page_hears_nothing_more_and_says_so() {
    let (home, mirror) = mirror().await;
    let mut shell = Program::shell(&home, "cut").await;
    let (desktop, phone) = tokio::join!(Tab::open(1440, 900), phone(390));
    phone.page().evaluate_on_new_document(LISTEN).await.unwrap();
    desktop.goto(&mirror.ui.url()).await;
    pair(&mirror, &phone).await;
    for tab in [&desktop, &phone] {
        tab.click("[data-session-id='cut']").await;
    }
    shell.run("cat /etc/hostname").await;
    phone.becomes("window.told.includes('/etc/hostname')").await;
    let device = mirror.newest_device().await;
    mirror.revoke(&device).await;
    // Nothing that happens after the answer reaches it.
    shell.run("cat /etc/passwd").await;
    desktop.becomes(&row("/etc/passwd")).await;
    phone.shows("turned-out", "Sign in again").await;
    phone
        .becomes("window.ended === '1008 the device is signed in no more'")
        .await;
    assert!(!phone.is("window.told.includes('/etc/passwd')").await);
    assert!(!phone.is(&row("/etc/hostname")).await, "what it was shown is gone");
    phone.close().await;
    desktop.close().await;
}
