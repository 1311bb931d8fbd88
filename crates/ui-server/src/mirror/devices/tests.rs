//! Tests of who stays signed in.

use super::super::steady_clock::tests::Hands;
use super::*;

fn address(last: u8) -> IpAddr {
    IpAddr::from([192, 168, 1, last])
}

fn sign_in(devices: &mut Devices, now: u64) -> (String, Known) {
    sign_in_from(devices, 1, "", now)
}

fn sign_in_from(devices: &mut Devices, last: u8, agent: &str, now: u64) -> (String, Known) {
    let signed_in = devices.sign_in(address(last), Some(agent), SignedInBy::Password, now);
    let (secret, known, _) = signed_in.unwrap();
    (secret, known)
}

#[test]
fn a_secret_is_its_devices_until_it_expires() {
    let mut devices = Devices::default();
    let (secret, known) = sign_in(&mut devices, 10);
    assert_eq!((secret.len(), known.role), (64, Role::Viewer));
    let seen = devices.recognise(&secret, address(9), 20).unwrap();
    assert_eq!(seen.id, known.id);
    let told = devices.get(&known.id).unwrap();
    assert_eq!(
        (told.address.as_str(), told.last_seen_at),
        ("192.168.1.9", clock::rfc3339(20))
    );
    for wrong in ["", &secret[1..], &format!("{secret}0"), &"0".repeat(64)] {
        assert!(devices.recognise(wrong, address(1), 20).is_none(), "{wrong}");
    }
    assert!(devices.recognise(&secret, address(1), 10 + LIFETIME_MICROS).is_none());
}

#[test]
fn what_is_written_down_has_no_secret_and_is_enough() {
    let mut devices = Devices::default();
    let (secret, known) = sign_in(&mut devices, 10);
    devices
        .change(
            &known.id,
            &DeviceChange {
                role: Some(Role::Controller),
                ..DeviceChange::default()
            },
        )
        .unwrap();
    let text = serde_json::to_string(&devices.to_kept()).unwrap();
    assert!(!text.contains(&secret), "{text}");
    let mut again = Devices::from_kept(serde_json::from_str(&text).unwrap());
    assert_eq!(again.recognise(&secret, address(1), 20).unwrap().role, Role::Controller);
}

#[test]
fn a_revoked_one_is_nobodys_and_what_runs_for_it_ends() {
    let mut devices = Devices::default();
    let (secret, one) = sign_in(&mut devices, 10);
    let (other_secret, other) = sign_in(&mut devices, 10);
    assert_eq!(devices.remove(&one.id).unwrap().id, one.id);
    assert!(one.revoked.is_cancelled() && !other.revoked.is_cancelled());
    assert!(devices.recognise(&secret, address(1), 11).is_none() && devices.remove(&one.id).is_none());
    let again = devices.recognise(&other_secret, address(1), 11).unwrap();
    assert_eq!(devices.clear(), 1);
    assert!(other.revoked.is_cancelled() && again.revoked.is_cancelled());
}

#[test]
fn many_sign_ins_of_one_person_sign_nobody_else_out() {
    let mut devices = Devices::default();
    let others: Vec<_> = (2..=40)
        .map(|last| sign_in_from(&mut devices, last, "iPhone", 10))
        .collect();
    let (_, named) = sign_in_from(&mut devices, 1, "curl/8", 11);
    let name = DeviceChange {
        name: Some("Ann's".to_owned()),
        ..DeviceChange::default()
    };
    devices.change(&named.id, &name).unwrap();
    let (_, neighbour) = sign_in_from(&mut devices, 1, "iPhone", 12);
    let own: Vec<_> = (0..200)
        .map(|now| sign_in_from(&mut devices, 1, "curl/8", 100 + now))
        .collect();
    assert!(others.iter().all(|(_, other)| !other.revoked.is_cancelled()));
    assert!(!named.revoked.is_cancelled() && !neighbour.revoked.is_cancelled());
    assert_eq!(
        own.iter().filter(|(_, own)| !own.revoked.is_cancelled()).count(),
        MAX_DEVICES_OF_ONE_ADDRESS - 2
    );
    assert!(!own.last().unwrap().1.revoked.is_cancelled());
}

#[test]
fn where_all_places_are_taken_the_address_with_most_makes_room() {
    let mut devices = Devices::default();
    let alone = sign_in_from(&mut devices, 1, "iPhone", 1);
    let all: Vec<_> = (0..MAX_DEVICES as u64 - 1)
        .map(|number| {
            sign_in_from(
                &mut devices,
                u8::try_from(2 + number / 10).unwrap(),
                "iPhone",
                10 + number,
            )
        })
        .collect();
    sign_in_from(&mut devices, 200, "iPhone", 1_000);
    assert!(!alone.1.revoked.is_cancelled(), "though it was seen longest ago");
    assert!(all[0].1.revoked.is_cancelled());
    assert_eq!(devices.list().len(), MAX_DEVICES);
}

#[test]
fn an_ipv6_network_is_one_address() {
    let mut devices = Devices::default();
    for last in 0..200_u128 {
        let from = IpAddr::from((0x2001_0db8_u128 << 96 | last).to_be_bytes());
        devices.sign_in(from, None, SignedInBy::Password, 10).unwrap();
    }
    assert_eq!(devices.list().len(), MAX_DEVICES_OF_ONE_ADDRESS);
}

#[test]
fn a_clock_that_jumps_ahead_for_two_seconds_signs_nobody_out() {
    let hands = Hands::new(1_795_197_600_000_000);
    let clock = hands.clock();
    let mut devices = Devices::default();
    let (secret, known) = sign_in(&mut devices, clock.now().wall);
    let month = i64::try_from(LIFETIME_MICROS).unwrap() + 86_400_000_000;
    hands.jump(month);
    for _ in 0..2 {
        hands.pass(1_000_000);
        let now = clock.now();
        devices.forget_expired(now);
        assert!(devices.recognise(&secret, address(1), now.wall).is_some());
    }
    hands.jump(-month);
    devices.forget_expired(clock.now());
    assert!(devices.recognise(&secret, address(1), clock.now().wall).is_some());
    assert!(!known.revoked.is_cancelled());
}

#[test]
fn a_clock_that_was_wrong_at_the_start_costs_no_sign_in() {
    let hands = Hands::new(1_795_197_600_000_000);
    let mut devices = Devices::default();
    let (secret, known) = sign_in(&mut devices, hands.clock().now().wall);
    hands.jump(i64::try_from(LIFETIME_MICROS).unwrap());
    let clock = hands.clock();
    assert!(devices.forget_expired(clock.now()), "its sockets close");
    assert!(known.revoked.is_cancelled() && devices.recognise(&secret, address(1), clock.now().wall).is_none());
    hands.jump(-i64::try_from(LIFETIME_MICROS).unwrap());
    for _ in 0..700 {
        hands.pass(1_000_000);
        devices.forget_expired(clock.now());
    }
    let again = devices.recognise(&secret, address(1), clock.now().wall).unwrap();
    assert!(!again.revoked.is_cancelled());
}

#[test]
fn an_expired_one_is_refused_at_once_and_forgotten_a_day_later() {
    let mut devices = Devices::default();
    let (secret, known) = sign_in(&mut devices, 10);
    let now = |steady| Reading {
        wall: 10 + LIFETIME_MICROS,
        steady,
    };
    assert!(devices.forget_expired(now(5)) && !devices.forget_expired(now(6)));
    assert!(known.revoked.is_cancelled());
    assert!(devices.recognise(&secret, address(1), now(6).wall).is_none());
    devices.mark_saved(devices.revision());
    assert!(!devices.forget_expired(now(4 + FORGET_AFTER_MICROS)) && !devices.is_empty());
    assert!(devices.forget_expired(now(5 + FORGET_AFTER_MICROS)) && devices.is_empty());
    assert!(devices.is_unsaved() && !devices.is_unsaved_less());
}

#[test]
fn what_takes_something_away_is_known_until_it_is_written() {
    let mut devices = Devices::default();
    let (_, known) = sign_in(&mut devices, 10);
    assert!(devices.is_unsaved() && !devices.is_unsaved_less());
    let role = |role| DeviceChange {
        role: Some(role),
        ..DeviceChange::default()
    };
    devices.change(&known.id, &role(Role::Controller)).unwrap();
    let before = devices.revision();
    assert!(!devices.is_unsaved_less());
    devices.change(&known.id, &role(Role::Viewer)).unwrap();
    devices.mark_saved(before);
    assert!(devices.is_unsaved() && devices.is_unsaved_less());
    devices.mark_saved(devices.revision());
    assert!(!devices.is_unsaved());
    devices.remove(&known.id).unwrap();
    assert!(devices.is_unsaved_less());
}

#[test]
fn no_name_is_a_clients_own_words() {
    for (agent, name) in [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1",
            "iPhone, Safari",
        ),
        (
            "Mozilla/5.0 (Linux; Android 16; Pixel 9) Chrome/140.0 Mobile Safari/537.36",
            "Android, Chrome",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Mac, Firefox",
        ),
        ("curl/8.5", "curl"),
        ("\u{1b}[2J<script>", "A device"),
        ("", "A device"),
    ] {
        assert_eq!(name_of(agent), name, "{agent}");
    }
    let mut devices = Devices::default();
    let (_, known) = sign_in(&mut devices, 1);
    let named = |name: &str| DeviceChange {
        name: Some(name.to_owned()),
        role: None,
    };
    assert_eq!(
        devices.change(&known.id, &named(" Ann's phone ")).unwrap().name,
        "Ann's phone"
    );
    for wrong in ["", "  ", "a\u{1b}[2J", "a\nb", "\u{202e}nn", &"x".repeat(65)] {
        assert_eq!(
            devices.change(&known.id, &named(wrong)),
            Err(NotChanged::Name),
            "{wrong}"
        );
    }
    assert_eq!(devices.change("0", &named("x")), Err(NotChanged::Unknown));
}
