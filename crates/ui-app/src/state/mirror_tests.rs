//! The mirror's status, devices and log are read as the server writes them.

use mirrord_wire::mirror::{DeviceChange, MirrorSettingsChange, Role, TlsMode};
use proptest::prelude::*;

use super::*;

#[test]
fn a_body_is_a_change_of_the_settings_or_of_a_device() {
    let body = Body::default()
        .number("port", 4_100)
        .text("password", "a\"b\\\u{1}\n")
        .text("tls", "own")
        .words("allowed_hosts", " box.example, other ;third");
    let wanted = MirrorSettingsChange {
        port: Some(4_100),
        password: Some("a\"b\\\u{1}\n".to_owned()),
        tls: Some(TlsMode::Own),
        allowed_hosts: Some(["box.example", "other", "third"].map(str::to_owned).to_vec()),
        ..MirrorSettingsChange::default()
    };
    assert_eq!(
        serde_json::from_str::<MirrorSettingsChange>(&body.end()).unwrap(),
        wanted
    );
    for field in [Field::Enabled, Field::AutoStart, Field::Mdns, Field::CommandLines] {
        let body = Body::default().flag(field.name(), true).end();
        assert!(serde_json::from_str::<MirrorSettingsChange>(&body).is_ok(), "{body}");
    }
    for field in [Field::Address, Field::Username] {
        let body = Body::default().text(field.name(), "").end();
        assert!(serde_json::from_str::<MirrorSettingsChange>(&body).is_ok(), "{body}");
    }
    let body = Body::default().text("name", "a").text("role", "controller").end();
    let wanted = DeviceChange {
        name: Some("a".to_owned()),
        role: Some(Role::Controller),
    };
    assert_eq!(serde_json::from_str::<DeviceChange>(&body).unwrap(), wanted);
}

proptest! {
    #[test]
    fn nothing_but_a_drawing_is_taken_for_a_code(path in any::<String>()) {
        let svg = ["<svg viewBox=\"0 0 9 9\"><path d=\"", &path, "\"/></svg>"].concat();
        if let Some(code) = qr(&svg) {
            prop_assert!(code.path.chars().all(|character| character.is_ascii_digit() || "MmHhVvLlZz .,-".contains(character)));
        }
    }
}

/// As the `qrcode` crate writes it.
const SVG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="264" height="264" viewBox="0 0 264 264" shape-rendering="crispEdges"><rect x="0" y="0" width="264" height="264" fill="#fff"/><path fill="#000" d="M32 32h8v8H32V32M40 32h8v8H40V32"/></svg>"##;

#[test]
fn the_code_is_taken_out_of_the_drawing() {
    let code = qr(SVG).unwrap();
    assert_eq!(code.frame, "0 0 264 264");
    assert_eq!(code.path, "M32 32h8v8H32V32M40 32h8v8H40V32");
    for wrong in [
        "",
        "<svg/>",
        &SVG.replace("M32 32h8", "url(javascript:alert(1))"),
        &SVG.replace("0 0 264 264", "0 0 264 264' onload='x"),
    ] {
        assert_eq!(qr(wrong), None, "{wrong}");
    }
}

fn status(state: MirrorState, reason: &str) -> MirrorStatus {
    MirrorStatus {
        state,
        reason: Some(reason.to_owned()),
        ..MirrorStatus::default()
    }
}

#[test]
fn a_fault_stands_beside_its_field_until_it_is_mended() {
    let mut faults = Faults::default();
    faults.set(Field::Username, Some("too long".to_owned()));
    for (reason, field) in [
        ("port 4096 is in use by nginx (process 812)", Field::Port),
        (
            "192.168.1.5 is not an address of this machine now; waiting for it",
            Field::Address,
        ),
        ("the certificate in /a.pem cannot be read", Field::Tls),
    ] {
        faults.take(&status(MirrorState::Failed, reason));
        for other in [Field::Port, Field::Address, Field::Tls] {
            assert_eq!(faults.of(other), if other == field { reason } else { "" }, "{reason}");
        }
    }
    faults.take(&status(
        MirrorState::On,
        "this machine has no network: only it can reach the mirror",
    ));
    assert_eq!(
        [Field::Port, Field::Address, Field::Tls].map(|field| faults.of(field)),
        ["", "", ""]
    );
    assert_eq!(faults.of(Field::Username), "too long", "that is another matter");
    faults.set(Field::Username, None);
    assert_eq!(faults, Faults::default());
}

fn device(id: &str, signed_in_at: &str) -> Device {
    Device {
        id: id.to_owned(),
        signed_in_at: signed_in_at.to_owned(),
        ..Device::default()
    }
}

#[test]
fn devices_stand_the_newest_first() {
    let at = |second: u32| ["2026-11-20T18:00:0", &second.to_string(), ".000Z"].concat();
    let devices = [
        device("before", &at(1)),
        device("late", &at(5)),
        device("first", &at(4)),
        device("typed", &at(3)),
    ];
    assert_eq!(ids(&devices), ["late", "first", "typed", "before"]);
}

#[test]
fn a_ticket_is_what_the_server_says_that_it_is() {
    let ticket = |number, state, device: Option<&str>| PairingTicket {
        number,
        state,
        device: device.map(str::to_owned),
    };
    let told = [
        ticket(2, TicketState::Used, Some("phone")),
        ticket(3, TicketState::Expired, None),
        ticket(4, TicketState::Open, None),
    ];
    assert_eq!(fate(&told, 2), (TicketState::Used, Some("phone")));
    assert_eq!(fate(&told, 3), (TicketState::Expired, None));
    assert_eq!(fate(&told, 4), (TicketState::Open, None));
    assert_eq!(fate(&told, 1), (TicketState::Expired, None), "it is kept no more");
    assert_eq!(
        fate(&told, 5),
        (TicketState::Open, None),
        "it is newer than what was told"
    );
}

#[test]
fn a_ticket_is_over_when_its_time_is() {
    let end = "2026-11-20T18:05:00.000Z";
    let now = rfc3339(end).unwrap();
    assert_eq!(
        [now - 300_000_000, now - 1, now, now + 5].map(|now| seconds_left(end, now)),
        [300, 1, 0, 0]
    );
    assert_eq!(seconds_left("soon", now), 0);
}

#[test]
fn what_was_typed_is_checked_before_it_is_sent() {
    assert_eq!(
        [" 4096 ", "0", "65536", "http", ""].map(port),
        [Some(4_096), None, None, None, None]
    );
    assert!(!is_password("seven77") && is_password("eight888") && !is_password(&"x".repeat(257)));
    assert!(is_password("ü".repeat(8).as_str()), "characters, not bytes");
}

#[test]
fn a_machine_is_called_by_its_name() {
    assert_eq!(
        ["dev-laptop.local", "192.168.1.5"].map(machine),
        ["dev-laptop", "192.168.1.5"]
    );
    assert!(is_turned_out(1_008) && !is_turned_out(1_001) && !is_turned_out(1_006));
}
