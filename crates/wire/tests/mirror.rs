//! Golden JSON for the mirror's types, checked both ways: what is read is written again to the letter.

#![expect(clippy::unwrap_used, reason = "a golden that does not parse is the failure")]

use mirrord_wire::mirror::{
    AuditEntry, DeviceChange, Me, MirrorSettingsChange, MirrorStatus, Pairing, Redeem, Sidebar, SignIn,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

fn both_ways<T: DeserializeOwned + Serialize>(golden: &str) -> String {
    let read: T = serde_json::from_str(golden).unwrap_or_else(|error| panic!("{golden}: {error}"));
    serde_json::to_string(&read).unwrap()
}

#[test]
fn every_type_is_read_and_written_to_the_letter() {
    for row in include_str!("golden/mirror.tsv").lines() {
        let (kind, golden) = row.split_once('\t').unwrap();
        let written = match kind {
            "me" => both_ways::<Me>(golden),
            "status" => both_ways::<MirrorStatus>(golden),
            "change" => both_ways::<MirrorSettingsChange>(golden),
            "device_change" => both_ways::<DeviceChange>(golden),
            "pairing" => both_ways::<Pairing>(golden),
            "sign_in" => both_ways::<SignIn>(golden),
            "redeem" => both_ways::<Redeem>(golden),
            "sidebar" => both_ways::<Sidebar>(golden),
            "audit" => both_ways::<AuditEntry>(golden),
            other => panic!("no type for {other}"),
        };
        assert_eq!(written, golden);
    }
}

#[test]
fn a_change_with_a_field_that_nobody_knows_is_refused() {
    assert!(serde_json::from_str::<MirrorSettingsChange>(r#"{"enabeld":true}"#).is_err());
    assert!(serde_json::from_str::<DeviceChange>(r#"{"role":"owner"}"#).is_err());
}

#[test]
fn a_ticket_is_not_shown() {
    let pairing: Pairing = serde_json::from_str(r#"{"url":"http://h/mirror/pair#secret"}"#).unwrap();
    assert!(!format!("{pairing:?}").contains("secret"));
}

/// Samples in the document are goldens, so that they are what is sent.
#[test]
fn the_documents_samples_are_the_goldens() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/PROTOCOL.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, section) = text.split_once("\n## The mirror\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let goldens = [include_str!("golden/mirror.tsv"), include_str!("golden/ws.ndjson")].concat();
    let samples: Vec<_> = section
        .split("```json\n")
        .skip(1)
        .flat_map(|block| block.split("```").next().unwrap().lines())
        .collect();
    assert!(samples.len() >= 10, "{samples:?}");
    for sample in samples {
        let is_golden = |line: &str| line.split('\t').next_back() == Some(sample);
        assert!(goldens.lines().any(is_golden), "no golden is {sample}");
    }
}
