//! The mirror's settings: read once, checked, written whole.
//!
//! A file that is broken, of another version or not ours is an error in words, the mirror stays off, and the file is left
//! as it is until other settings are saved on the desktop.

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

use mirrord_private_files::PrivateFolder;
use mirrord_wire::mirror::{MirrorSettings, MirrorSettingsChange, TlsMode};
use serde::{Deserialize, Serialize};

use super::password::{MAX_TEXT_BYTES, PasswordHash};

const FILE: &str = "settings.json";
const VERSION: u32 = 1;
/// The bytes of the file, several times what it has.
const MAX_FILE_BYTES: usize = 64 * 1024;
/// The port where none is chosen.
pub(crate) const DEFAULT_PORT: u16 = 4096;
/// Characters of a password.
const PASSWORD_CHARACTERS: std::ops::RangeInclusive<usize> = 8..=256;
const USERNAME_CHARACTERS: std::ops::RangeInclusive<usize> = 1..=64;
/// Other names under which the mirror is reached.
const MAX_NAMES: usize = 16;
const MAX_NAME_BYTES: usize = 253;

/// Settings of the mirror.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) version: u32,
    pub(crate) enabled: bool,
    pub(crate) auto_start: bool,
    pub(crate) address: IpAddr,
    pub(crate) port: u16,
    pub(crate) username: Option<String>,
    pub(crate) password: Option<PasswordHash>,
    pub(crate) tls: TlsMode,
    pub(crate) certificate: Option<PathBuf>,
    pub(crate) key: Option<PathBuf>,
    pub(crate) names: Vec<String>,
    pub(crate) mdns: bool,
    /// A file of before it was there is closed.
    #[serde(default)]
    pub(crate) command_lines: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: VERSION,
            enabled: false,
            auto_start: false,
            address: Ipv4Addr::UNSPECIFIED.into(),
            port: DEFAULT_PORT,
            username: None,
            password: None,
            tls: TlsMode::Off,
            certificate: None,
            key: None,
            names: Vec::new(),
            mdns: false,
            command_lines: false,
        }
    }
}

/// Password of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NewPassword {
    Kept,
    Removed,
    Set(PasswordHash),
}

impl Settings {
    /// Loads the saved settings, or the defaults.
    ///
    /// # Errors
    /// Why what was saved cannot be used, naming the file.
    pub(crate) fn load(folder: &PrivateFolder) -> Result<Self, String> {
        let Some(bytes) = folder.read(FILE, MAX_FILE_BYTES).map_err(|error| error.to_string())? else {
            return Ok(Self::default());
        };
        let path = folder.path(FILE);
        let broken = |reason: String| format!("the settings in {} cannot be used: {reason}", path.display());
        let settings: Self = serde_json::from_slice(&bytes).map_err(|error| broken(error.to_string()))?;
        if settings.version != VERSION {
            return Err(broken(format!(
                "they are of version {}, not {VERSION}",
                settings.version
            )));
        }
        if settings.password.as_ref().is_some_and(|hash| !hash.is_sound()) {
            return Err(broken("the password's hash is none".to_owned()));
        }
        settings.check().map_err(broken)?;
        Ok(settings)
    }

    /// Writes them down.
    pub(crate) fn save(&self, folder: &PrivateFolder) -> Result<(), String> {
        let text = serde_json::to_vec_pretty(self).map_err(|error| error.to_string())?;
        folder.replace(FILE, &text).map_err(|error| error.to_string())
    }

    /// These with a change, if it can be made.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(crate) fn changed(&self, change: &MirrorSettingsChange, password: NewPassword) -> Result<Self, String> {
        let mut new = self.clone();
        new.enabled = change.enabled.unwrap_or(new.enabled);
        new.auto_start = change.auto_start.unwrap_or(new.auto_start);
        new.port = change.port.unwrap_or(new.port);
        new.tls = change.tls.unwrap_or(new.tls);
        new.mdns = change.mdns.unwrap_or(new.mdns);
        new.command_lines = change.command_lines.unwrap_or(new.command_lines);
        if let Some(address) = &change.address {
            let not_one = |_| {
                format!(
                    "`{}` is not an address: give one of this machine's, or 0.0.0.0",
                    shown(address)
                )
            };
            new.address = address.trim().parse().map_err(not_one)?;
        }
        if change.port == Some(0) {
            return Err("a port is between 1 and 65535".to_owned());
        }
        let text = |given: &Option<String>, own: Option<String>| match given.as_deref().map(str::trim) {
            None => own,
            Some("") => None,
            Some(text) => Some(text.to_owned()),
        };
        let path = |own: Option<PathBuf>| own.map(|path| path.to_string_lossy().into_owned());
        new.username = text(&change.username, new.username);
        new.certificate = text(&change.certificate, path(new.certificate)).map(PathBuf::from);
        new.key = text(&change.key, path(new.key)).map(PathBuf::from);
        if let Some(names) = &change.allowed_hosts {
            new.names = names.iter().map(|name| name.trim().to_ascii_lowercase()).collect();
        }
        match password {
            NewPassword::Kept => {}
            NewPassword::Removed => new.password = None,
            NewPassword::Set(hash) => new.password = Some(hash),
        }
        new.check()?;
        Ok(new)
    }

    fn check(&self) -> Result<(), String> {
        if let Some(name) = &self.username {
            let fits = USERNAME_CHARACTERS.contains(&name.chars().count());
            if !fits || name.contains(':') || name.chars().any(char::is_control) {
                return Err("a user name has 1 to 64 characters and no colon".to_owned());
            }
        }
        if self.names.len() > MAX_NAMES || !self.names.iter().all(|name| is_host_name(name)) {
            return Err(format!("`names` has at most {MAX_NAMES} host names, without a port"));
        }
        for path in [&self.certificate, &self.key].into_iter().flatten() {
            if !path.is_absolute() {
                return Err(format!("`{}` is not an absolute path", shown(&path.to_string_lossy())));
            }
        }
        if self.tls == TlsMode::Own && (self.certificate.is_none() || self.key.is_none()) {
            return Err("a certificate of your own needs `certificate` and `key`, two PEM files".to_owned());
        }
        Ok(())
    }

    /// Settings for the desktop.
    pub(crate) fn told(&self) -> MirrorSettings {
        let path = |path: &Option<PathBuf>| path.as_deref().map(Path::to_string_lossy).map(String::from);
        MirrorSettings {
            enabled: self.enabled,
            auto_start: self.auto_start,
            address: self.address.to_string(),
            port: self.port,
            username: self.username.clone(),
            has_password: self.password.is_some(),
            tls: self.tls,
            certificate: path(&self.certificate),
            key: path(&self.key),
            allowed_hosts: self.names.clone(),
            mdns: self.mdns,
            command_lines: self.command_lines,
        }
    }
}

/// Returns whether a new password may be one.
pub(crate) fn check_password(password: &str) -> Result<(), String> {
    if PASSWORD_CHARACTERS.contains(&password.chars().count()) && password.len() <= MAX_TEXT_BYTES {
        return Ok(());
    }
    Err("a password has 8 to 256 characters".to_owned())
}

/// A name that may stand in `Host`; never `localhost`, which is the phone itself there.
fn is_host_name(name: &str) -> bool {
    let is_label = |label: &str| {
        let fits = (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-');
        fits && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let is_local = name == "localhost" || name.ends_with(".localhost");
    name.len() <= MAX_NAME_BYTES && !is_local && name.split('.').all(is_label) && name.parse::<IpAddr>().is_err()
}

fn shown(text: &str) -> String {
    super::audit::foreign(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, PrivateFolder) {
        let home = tempfile::tempdir().unwrap();
        let folder = PrivateFolder::new(home.path().join(".mirror"));
        (home, folder)
    }

    fn change(json: &str) -> MirrorSettingsChange {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn off_from_the_start_and_what_is_saved_is_loaded() {
        let (_home, folder) = folder();
        let first = Settings::load(&folder).unwrap();
        assert!(!first.enabled && !first.auto_start && !folder.path(FILE).exists());
        let hash = PasswordHash::of("correct horse").unwrap();
        let given = change(
            r#"{"enabled":true,"port":4100,"address":"127.0.0.2","username":" dev ","names":["Box.Example"],"tls":"private"}"#,
        );
        let changed = first.changed(&given, NewPassword::Set(hash)).unwrap();
        changed.save(&folder).unwrap();
        let loaded = Settings::load(&folder).unwrap();
        assert_eq!(loaded, changed);
        assert!(loaded.password.as_ref().unwrap().is_of("correct horse"));
        let told = loaded.told();
        assert_eq!(
            (told.username.as_deref(), told.has_password, told.port),
            (Some("dev"), true, 4100)
        );
        assert_eq!(told.allowed_hosts, ["box.example"]);
        let text = std::fs::read_to_string(folder.path(FILE)).unwrap();
        assert!(!text.contains("correct horse"));
    }

    #[test]
    fn an_empty_text_takes_a_value_back_and_what_is_absent_stays() {
        let hash = PasswordHash::of("correct horse").unwrap();
        let set = Settings::default()
            .changed(&change(r#"{"username":"dev"}"#), NewPassword::Set(hash))
            .unwrap();
        let same = set.changed(&change("{}"), NewPassword::Kept).unwrap();
        assert_eq!(same, set);
        let back = set
            .changed(&change(r#"{"username":""}"#), NewPassword::Removed)
            .unwrap();
        assert_eq!(back, Settings::default());
    }

    #[test]
    fn what_cannot_be_is_refused_in_words() {
        for (json, words) in [
            (r#"{"port":0}"#, "a port is"),
            (r#"{"address":"example.com"}"#, "not an address"),
            (r#"{"address":"1.2.3.4\u001b[2J"}"#, "\\u{1b}"),
            (r#"{"username":"a:b"}"#, "no colon"),
            (r#"{"names":["localhost"]}"#, "host names"),
            (r#"{"names":["a.localhost"]}"#, "host names"),
            (r#"{"names":["a:80"]}"#, "host names"),
            (r#"{"names":["192.168.1.1"]}"#, "host names"),
            (r#"{"names":["a b"]}"#, "host names"),
            (r#"{"names":[""]}"#, "host names"),
            (r#"{"tls":"own"}"#, "two PEM files"),
            (r#"{"tls":"own","certificate":"a.pem","key":"/k"}"#, "absolute"),
        ] {
            let refused = Settings::default()
                .changed(&change(json), NewPassword::Kept)
                .unwrap_err();
            assert!(refused.contains(words), "{json}: {refused}");
        }
        assert!(check_password("1234567").is_err() && check_password("12345678").is_ok());
        assert!(check_password(&"x".repeat(257)).is_err());
    }

    #[test]
    fn a_broken_file_is_said_and_left_as_it_is() {
        let (_home, folder) = folder();
        let sound = serde_json::to_string(&Settings::default()).unwrap();
        for (broken, words) in [
            ("{", "EOF"),
            ("", "EOF"),
            (&sound.replace("\"version\":1", "\"version\":2"), "of version 2"),
            (&sound.replace("\"mdns\"", "\"other\""), "unknown field"),
            (&sound.replace("0.0.0.0", "nowhere"), "invalid IP"),
            (
                &sound.replace(
                    "\"password\":null",
                    r#""password":{"memory_kib":4294967295,"passes":1,"lanes":1,"salt":"","hash":""}"#,
                ),
                "hash is none",
            ),
        ] {
            folder.replace(FILE, broken.as_bytes()).unwrap();
            let error = Settings::load(&folder).unwrap_err();
            assert!(error.contains(words) && error.contains("settings.json"), "{error}");
            assert_eq!(std::fs::read_to_string(folder.path(FILE)).unwrap(), broken);
        }
        folder.replace(FILE, &vec![b' '; MAX_FILE_BYTES + 1]).unwrap();
        assert!(Settings::load(&folder).unwrap_err().contains("more than"));
    }
}
