//! What the server tells of the mirror, read field by field.

use mirrord_wire::mirror::{
    AuditEntry, AuditKind, Authority, CredentialsSource, Device, Interface, ListenerKind, Me, MirrorCredentials,
    MirrorSettings, MirrorState, MirrorStatus, MirrorUrl, Pairing, Reach, Right, Role, SignedInBy, Ticket, TicketState,
    TlsMode,
};

use super::{Json, Read, ReadField};

/// Why something was refused, as every error is told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reason {
    /// In words.
    pub error: String,
}

read_fields!(Reason { error });
read_word!(ListenerKind { "desktop" => Desktop, "mirror" => Mirror });
read_word!(Role { "viewer" => Viewer, "controller" => Controller });
read_word!(MirrorState { "off" => Off, "on" => On, "waiting" => Waiting, "failed" => Failed });
read_word!(Reach { "local" => Local, "network" => Network });
read_word!(TlsMode { "off" => Off, "own" => Own, "private" => Private });
read_word!(CredentialsSource { "settings" => Settings, "environment" => Environment, "random" => Random });
read_word!(SignedInBy { "password" => Password, "pairing" => Pairing });
read_word!(TicketState { "open" => Open, "used" => Used, "over" => Over });
read_word!(AuditKind {
    "started" => Started, "stopped" => Stopped, "failed" => Failed, "signed_in" => SignedIn,
    "sign_in_failed" => SignInFailed, "throttled" => Throttled, "ticket_made" => TicketMade, "paired" => Paired,
    "pairing_failed" => PairingFailed, "signed_out" => SignedOut, "revoked" => Revoked,
    "device_changed" => DeviceChanged, "refused" => Refused, "ended_session" => EndedSession,
    "settings_changed" => SettingsChanged,
});
read_fields!(MirrorUrl { url, reach, interface });
read_fields!(Interface { name, address });
read_fields!(MirrorCredentials {
    username,
    source,
    password
});
read_fields!(Authority {
    fingerprint,
    certificate
});
read_fields!(MirrorSettings {
    enabled,
    auto_start,
    address,
    port,
    username,
    has_password,
    tls,
    certificate,
    key,
    names,
    mdns,
    command_lines,
});
read_fields!(MirrorStatus {
    state,
    reason,
    urls,
    credentials,
    authority,
    settings,
    interfaces,
    connected,
    tickets,
    warning,
});
read_fields!(Device {
    id,
    name,
    address,
    role,
    by,
    signed_in_at,
    last_seen_at,
    expires_at,
    sockets,
});
read_fields!(Pairing {
    url,
    urls,
    svg,
    expires_at,
    number
});
read_fields!(Ticket { number, state, device });
read_fields!(AuditEntry {
    at,
    kind,
    address,
    device,
    detail
});

impl Read for Me {
    fn read(&mut self, json: &mut Json<'_>) -> Option<()> {
        json.object(&mut |name, json| match name {
            "listener" => self.listener.read(json),
            "device" => self.device.read(json),
            "host" => self.host.read(json),
            "may" => json.array(&mut |json| {
                // A right that this page does not know is none that it could offer.
                self.may.extend(right(&json.string()?));
                Some(())
            }),
            _ => json.skip().map(drop),
        })
    }
}

fn right(word: &str) -> Option<Right> {
    Some(match word {
        "read" => Right::Read,
        "end_sessions" => Right::EndSessions,
        "dismiss_sessions" => Right::DismissSessions,
        "see_secrets" => Right::SeeSecrets,
        "arrange_sidebar" => Right::ArrangeSidebar,
        "manage_mirror" => Right::ManageMirror,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::types::read;

    macro_rules! is_read_back {
        ($value:expr) => {
            let value = $value;
            let text = serde_json::to_string(&value).unwrap();
            assert_eq!(read(&text), Some(value), "{text}");
        };
    }

    fn device() -> Device {
        Device {
            id: "a".into(),
            name: "b".into(),
            address: "c".into(),
            role: Role::Controller,
            by: SignedInBy::Pairing,
            signed_in_at: "d".into(),
            last_seen_at: "e".into(),
            expires_at: "f".into(),
            sockets: 3,
        }
    }

    /// Every field has a value of its own: one that is forgotten keeps its default, and is told.
    #[test]
    fn no_field_is_forgotten() {
        is_read_back!(MirrorStatus {
            state: MirrorState::Waiting,
            reason: Some("a".into()),
            urls: vec![MirrorUrl {
                url: "b".into(),
                reach: Reach::Network,
                interface: Some("c".into()),
            }],
            credentials: MirrorCredentials {
                username: "d".into(),
                source: CredentialsSource::Environment,
                password: Some("e".into()),
            },
            authority: Some(Authority {
                fingerprint: "f".into(),
                certificate: "g".into(),
            }),
            settings: MirrorSettings {
                enabled: true,
                auto_start: true,
                address: "h".into(),
                port: 1,
                username: Some("i".into()),
                has_password: true,
                tls: TlsMode::Own,
                certificate: Some("j".into()),
                key: Some("k".into()),
                names: vec!["l".into()],
                mdns: true,
                command_lines: true,
            },
            interfaces: vec![Interface {
                name: "m".into(),
                address: "n".into(),
            }],
            connected: vec![device()],
            tickets: vec![Ticket {
                number: 2,
                state: TicketState::Over,
                device: Some("p".into()),
            }],
            warning: Some("o".into()),
        });
        is_read_back!(AuditEntry {
            at: "a".into(),
            kind: AuditKind::Refused,
            address: Some("b".into()),
            device: Some("c".into()),
            detail: "d".into(),
        });
        let pairing = r#"{"url":"a","urls":["b"],"svg":"c","expires_at":"d","number":3}"#;
        assert_eq!(
            serde_json::to_string(&read::<Pairing>(pairing).unwrap()).unwrap(),
            pairing
        );
        let rights = [
            "read",
            "end_sessions",
            "dismiss_sessions",
            "see_secrets",
            "arrange_sidebar",
            "manage_mirror",
        ];
        is_read_back!(Me {
            listener: ListenerKind::Desktop,
            may: rights.map(|word| serde_json::from_value(word.into()).unwrap()).to_vec(),
            host: Some("dev-laptop".into()),
            device: Some(device()),
        });
    }

    #[test]
    fn every_word_of_the_log_is_known() {
        let words = [
            "started",
            "stopped",
            "failed",
            "signed_in",
            "sign_in_failed",
            "throttled",
            "ticket_made",
            "paired",
            "pairing_failed",
            "signed_out",
            "revoked",
            "device_changed",
            "refused",
            "ended_session",
            "settings_changed",
        ];
        for word in words {
            let kind: AuditKind = serde_json::from_value(word.into()).unwrap();
            is_read_back!(AuditEntry {
                kind,
                ..AuditEntry::default()
            });
        }
    }

    #[test]
    fn a_right_that_is_not_known_is_none() {
        let me: Me = read(r#"{"listener":"mirror","may":["read","fly"],"later":{}}"#).unwrap();
        assert_eq!(
            (me.listener, me.may.as_slice()),
            (ListenerKind::Mirror, &[Right::Read][..])
        );
    }
}
