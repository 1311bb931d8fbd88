//! Credentials of the mirror: a user name and the Argon2 hash of a password.
//!
//! By the settings, then the environment, then `mirrord` and a random password. Hashing takes a good part of a tenth of a
//! second and much memory on purpose: it happens on a thread that may block, at most [`HASHES_AT_A_TIME`] at a time. A
//! wrong user name costs what a wrong password costs.

use std::fmt;
use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::HEXLOWER;
use mirrord_wire::mirror::{CredentialsSource, MirrorCredentials};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use tokio::sync::Semaphore;

use crate::secret::Digest;

/// The user name where none is given.
const DEFAULT_USERNAME: &str = "mirrord";
/// Passwords that are hashed at one time; who comes then waits.
pub(crate) const HASHES_AT_A_TIME: usize = 2;
/// The bytes of a password or a user name that anybody may send.
pub(crate) const MAX_TEXT_BYTES: usize = 1_024;
/// The memory of one hash. The time follows from it: 50 to 100 ms in a release build.
const MEMORY_KIB: u32 = 32 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;
/// Maximum cost of a saved hash.
const MAX_MEMORY_KIB: u32 = 256 * 1024;
const MAX_PASSES: u32 = 16;
const USERNAME: &str = "MIRRORD_UI_USERNAME";
const PASSWORD: &str = "MIRRORD_UI_PASSWORD";
/// No letters or digits that are taken for each other.
const ALPHABET: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyz-";

/// An Argon2id hash with what it was made with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordHash {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
    hash: String,
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PasswordHash(…)")
    }
}

impl PasswordHash {
    /// Hashes a password. Slow on purpose: not for an async thread.
    pub(crate) fn of(password: &str) -> Result<Self, getrandom::Error> {
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt)?;
        let mut made = Self {
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            lanes: LANES,
            salt: HEXLOWER.encode(&salt),
            hash: String::new(),
        };
        made.hash = HEXLOWER.encode(&made.compute(password).unwrap_or_default());
        Ok(made)
    }

    /// Returns whether it can be a hash: checked for one that was read from a file.
    pub(crate) fn is_sound(&self) -> bool {
        let hex = |text: &str, bytes| HEXLOWER.decode(text.as_bytes()).is_ok_and(|read| read.len() == bytes);
        (8..=MAX_MEMORY_KIB).contains(&self.memory_kib)
            && (1..=MAX_PASSES).contains(&self.passes)
            && self.lanes == LANES
            && hex(&self.salt, SALT_BYTES)
            && hex(&self.hash, HASH_BYTES)
    }

    fn compute(&self, password: &str) -> Option<[u8; HASH_BYTES]> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(HASH_BYTES)).ok()?;
        let salt = HEXLOWER.decode(self.salt.as_bytes()).ok()?;
        let mut out = [0; HASH_BYTES];
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon2.hash_password_into(password.as_bytes(), &salt, &mut out).ok()?;
        Some(out)
    }

    /// Returns whether it is the hash of a password, in constant time. As slow as [`Self::of`].
    pub(crate) fn is_of(&self, password: &str) -> bool {
        let kept = HEXLOWER.decode(self.hash.as_bytes());
        match (self.compute(password), kept) {
            (Some(own), Ok(kept)) => own.ct_eq(kept.as_slice()).into(),
            _ => false,
        }
    }
}

/// Credentials that are valid now.
#[derive(Clone)]
pub(crate) struct Credentials {
    username: String,
    hash: PasswordHash,
    source: CredentialsSource,
    /// The password itself, where it was made here.
    random: Option<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credentials")
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

/// A variable of the environment; an empty one is an unset one.
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Credentials {
    /// By the settings, the environment, and chance, in this order. Hashes: not for an async thread.
    pub(crate) fn resolve(
        username: Option<&str>,
        hash: Option<&PasswordHash>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, getrandom::Error> {
        let username = username.map(str::to_owned).or_else(|| environment(USERNAME));
        let username = username.unwrap_or_else(|| DEFAULT_USERNAME.to_owned());
        if let Some(hash) = hash {
            let (hash, source) = (hash.clone(), CredentialsSource::Settings);
            return Ok(Self {
                username,
                hash,
                source,
                random: None,
            });
        }
        if let Some(password) = environment(PASSWORD) {
            let (hash, source) = (PasswordHash::of(&password)?, CredentialsSource::Environment);
            return Ok(Self {
                username,
                hash,
                source,
                random: None,
            });
        }
        let random = random_password()?;
        Ok(Self {
            username,
            hash: PasswordHash::of(&random)?,
            source: CredentialsSource::Random,
            random: Some(random),
        })
    }

    /// Description for the desktop before anything was hashed: the source of the credentials.
    pub(crate) fn foretold(
        username: Option<String>,
        hash: Option<&PasswordHash>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> MirrorCredentials {
        let source = match hash {
            Some(_) => CredentialsSource::Settings,
            None if environment(PASSWORD).is_some() => CredentialsSource::Environment,
            None => CredentialsSource::Random,
        };
        let username = username.or_else(|| environment(USERNAME));
        MirrorCredentials {
            username: username.unwrap_or_else(|| DEFAULT_USERNAME.to_owned()),
            source,
            password: None,
        }
    }

    /// Description for the desktop.
    pub(crate) fn told(&self) -> MirrorCredentials {
        MirrorCredentials {
            username: self.username.clone(),
            source: self.source,
            password: self.random.clone(),
        }
    }

    /// Returns whether both are right. Hashes in every case: not for an async thread.
    pub(crate) fn are(&self, username: &str, password: &str) -> bool {
        // Digests are of one length: nothing is told of how long the right name is.
        let right_name = Digest::of(&self.username).is(&Digest::of(username));
        self.hash.is_of(password) & right_name
    }
}

/// Twenty characters of a hundred bits, in groups that can be typed on a phone.
fn random_password() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes)?;
    let letters = bytes.map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    let groups: Vec<String> = letters
        .chunks(5)
        .map(|group| {
            group
                .iter()
                .map(|letter| if *letter == '-' { '0' } else { *letter })
                .collect()
        })
        .collect();
    Ok(groups.join("-"))
}

/// Checks passwords off the runtime's threads, a few at a time.
#[derive(Debug, Clone)]
pub(crate) struct Hasher(Arc<Semaphore>);

impl Default for Hasher {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(HASHES_AT_A_TIME)))
    }
}

impl Hasher {
    /// Runs something that hashes; `None` where it panicked or the runtime ends.
    pub(crate) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        // Held by the work itself: a client that hangs up frees no place while its password is still being hashed.
        let permit = Arc::clone(&self.0).acquire_owned().await.ok()?;
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        done.await.ok()
    }
}

/// The user name and the password of `Authorization: Basic` (RFC 7617).
pub(crate) fn basic(value: &str) -> Option<(String, String)> {
    let (scheme, credentials) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") || credentials.len() > 2 * MAX_TEXT_BYTES {
        return None;
    }
    let decoded = data_encoding::BASE64.decode(credentials.trim().as_bytes()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (username, password) = text.split_once(':')?;
    Some((username.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(hash: Option<&PasswordHash>, set: &'static [(&str, &str)]) -> Credentials {
        let environment = |name: &str| {
            set.iter()
                .find(|(own, _)| *own == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Credentials::resolve(None, hash, environment).unwrap()
    }

    #[test]
    fn settings_go_before_the_environment_and_chance_comes_last() {
        let hash = PasswordHash::of("from the settings").unwrap();
        let set = &[(USERNAME, "dev"), (PASSWORD, "from the environment")][..];
        let by_settings = resolve(Some(&hash), set);
        assert!(by_settings.are("dev", "from the settings") && !by_settings.are("dev", "from the environment"));
        assert_eq!(by_settings.told().source, CredentialsSource::Settings);
        let by_environment = resolve(None, set);
        assert!(by_environment.are("dev", "from the environment"));
        assert_eq!(
            (by_environment.told().source, by_environment.told().password),
            (CredentialsSource::Environment, None)
        );
        let by_chance = resolve(None, &[]);
        let told = by_chance.told();
        assert!(by_chance.are("mirrord", told.password.as_deref().unwrap()));
        assert_ne!(told.password, resolve(None, &[]).told().password);
        assert!(!format!("{by_chance:?}").contains(told.password.as_deref().unwrap()));
    }

    #[test]
    fn only_both_together_are_right() {
        let credentials = resolve(None, &[(USERNAME, "dev"), (PASSWORD, "secret")]);
        for (username, password) in [
            ("dev", ""),
            ("dev", "Secret"),
            ("dev", "secret "),
            ("", "secret"),
            ("de", "vsecret"),
        ] {
            assert!(!credentials.are(username, password), "{username} {password}");
        }
    }

    #[test]
    fn a_hash_from_a_file_is_bounded_in_what_it_costs() {
        let sound = PasswordHash::of("x").unwrap();
        assert!(sound.is_sound());
        for unsound in [
            PasswordHash {
                memory_kib: u32::MAX,
                ..sound.clone()
            },
            PasswordHash {
                passes: 1_000_000,
                ..sound.clone()
            },
            PasswordHash {
                salt: "00".to_owned(),
                ..sound.clone()
            },
            PasswordHash {
                hash: String::new(),
                ..sound.clone()
            },
        ] {
            assert!(
                !unsound.is_sound() && !format!("{unsound:?}").contains(&unsound.salt[..]) || unsound.salt.is_empty()
            );
        }
    }

    #[test]
    fn no_password_is_right_where_the_hash_is_none() {
        let empty = PasswordHash {
            hash: String::new(),
            ..PasswordHash::of("x").unwrap()
        };
        assert!(!empty.is_of("") && !empty.is_of("x"));
    }

    #[test]
    fn basic_credentials_are_read_by_the_rfc() {
        assert_eq!(basic("Basic ZGV2OmE6Yg=="), Some(("dev".to_owned(), "a:b".to_owned())));
        assert_eq!(basic("basic Og=="), Some((String::new(), String::new())));
        for wrong in [
            "",
            "Basic",
            "Basic !!",
            "Bearer ZGV2OmE6Yg==",
            "Basic ZGV2",
            "Basic /////w==",
        ] {
            assert_eq!(basic(wrong), None, "{wrong}");
        }
        assert_eq!(basic(&format!("Basic {}", "A".repeat(4_000))), None);
    }

    #[tokio::test]
    async fn a_few_are_hashed_at_a_time() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let (hasher, now, most) = (
            Hasher::default(),
            Arc::new(AtomicUsize::new(0)),
            Arc::new(AtomicUsize::new(0)),
        );
        let work = || {
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            hasher.run(move || {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::yield_now();
                now.fetch_sub(1, Ordering::SeqCst);
            })
        };
        let all: Vec<_> = (0..50).map(|_| work()).collect();
        futures_util::future::join_all(all).await;
        assert!((1..=HASHES_AT_A_TIME).contains(&most.load(Ordering::SeqCst)));
    }
}
