//! What the pages before sign-in say, in the languages that the page itself speaks. A closed table: a text that is missing
//! does not compile. No text holds a character that HTML or an attribute has to escape; a test says so.

mod east;
mod table;
mod west;

pub(super) use self::table::Words;

/// The languages, English first, the others by their tags.
pub(super) static ALL: [&Words; 15] = [
    &EN,
    &east::AR,
    &west::DA,
    &west::DE,
    &west::ES,
    &west::FR,
    &east::JA,
    &east::KO,
    &west::NB,
    &west::PL,
    &west::PT_BR,
    &west::RU,
    &east::TH,
    &east::ZH_HANS,
    &east::ZH_HANT,
];

pub(super) static EN: Words = Words {
    tag: "en",
    dir: "ltr",
    sign_in: "Sign in",
    lead: "Sign in to follow the sessions of this machine. User name and password stand on the mirror’s page on the desktop, and in the terminal of mirrord ui. Or scan the QR code that is shown there.",
    user: "User name",
    password: "Password",
    no_script: "This form needs JavaScript. Reload the page, and your browser asks for user name and password itself.",
    pair: "Pair",
    pairing: "Pairing this device…",
    with_password: "Sign in with a password",
    no_script_pair: "Pairing needs JavaScript.",
    wrong: "User name or password is wrong.",
    used_up: "This code is used up or too old. Make a new one on the desktop.",
    too_many: "Too many attempts. Try again in {} s.",
    failed: "That did not work ({}).",
    unreachable: "The machine cannot be reached.",
    no_code: "There is no code in this address. Scan it again.",
    trust: "Trust this machine",
    vouches: "The connection is encrypted with a certificate that a private authority on this machine made. It vouches for private addresses and names that end in .local, and for nothing else.",
    compare: "Compare this fingerprint with the one on the mirror’s page on the desktop. Where they differ, stop here.",
    download: "Download the certificate",
    iphone: "iPhone and iPad: Settings, General, VPN and Device Management, install the profile; then General, About, Certificate Trust Settings, and turn it on.",
    android: "Android: Settings, Security, Encryption and credentials, Install a certificate, CA certificate.",
    reload: "Load this page again: the warning is gone.",
    take_back: "To take it back, remove the certificate in the same place.",
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_languages_are_those_of_the_page() {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui-app/src/i18n/language.rs");
        let source = std::fs::read_to_string(source).unwrap();
        let (_, from_there) = source.split_once("fn tag(self)").unwrap();
        let (tags, _) = from_there.split_once("    }\n\n").unwrap();
        let tags: BTreeSet<_> = tags.split('"').skip(1).step_by(2).collect();
        assert_eq!(tags.len(), ALL.len());
        assert_eq!(tags, ALL.iter().map(|words| words.tag).collect());
    }

    #[test]
    fn nothing_is_left_out_in_english_or_to_be_escaped() {
        for words in ALL {
            for ((place, text), (_, english)) in words.texts().zip(EN.texts()) {
                let says = format!("{}: {place}: {text}", words.tag);
                assert!(!text.trim().is_empty() && text.trim() == text, "{says}");
                assert!(!text.contains(['<', '>', '&', '"', '\'']), "{says}");
                assert_eq!(text.matches("{}").count(), english.matches("{}").count(), "{says}");
                assert_eq!(text.replace("{}", "").matches(['{', '}']).count(), 0, "{says}");
                assert!(words.tag == "en" || place == "{dir}" || text != english, "{says}");
                for name in ["mirrord ui", ".local", "JavaScript", "Android", "iPhone"] {
                    assert_eq!(text.contains(name), english.contains(name), "{says}: {name}");
                }
            }
            assert_eq!(words.dir, if words.tag == "ar" { "rtl" } else { "ltr" });
        }
    }
}
