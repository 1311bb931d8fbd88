//! Random secrets: made by the system, shown as hexadecimal once, kept as their SHA-256 alone.
//!
//! A fast hash is right here and nowhere else: 128 random bits and more cannot be guessed, whatever a guess costs.

use std::fmt;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// Returns `N` random bytes as hexadecimal.
pub(crate) fn random_hex<const N: usize>() -> Result<String, getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(HEXLOWER.encode(&bytes))
}

/// Digest of a secret.
#[derive(Clone, Copy)]
pub(crate) struct Digest([u8; 32]);

impl Digest {
    /// Computes the digest of a secret's text.
    pub(crate) fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    /// Returns whether both are of the same secret, in constant time.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Digest(…)")
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&HEXLOWER.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok();
        let whole = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        whole.map(Self).ok_or_else(|| serde::de::Error::custom("not a SHA-256"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_their_digests_tell_them_apart() {
        let (one, other) = (random_hex::<16>().unwrap(), random_hex::<16>().unwrap());
        assert_eq!(one.len(), 32);
        assert!(one != other && !Digest::of(&one).is(&Digest::of(&other)));
        assert!(Digest::of(&one).is(&Digest::of(&one)));
        assert_eq!(format!("{:?}", Digest::of(&one)), "Digest(…)");
    }

    #[test]
    fn a_digest_is_kept_and_read() {
        let kept = serde_json::to_string(&Digest::of("abc")).unwrap();
        assert!(kept.starts_with("\"ba7816bf"), "{kept}");
        assert!(serde_json::from_str::<Digest>(&kept).unwrap().is(&Digest::of("abc")));
        for wrong in [r#""""#, r#""ba78""#, "7", r#""zz""#] {
            assert!(serde_json::from_str::<Digest>(wrong).is_err(), "{wrong}");
        }
    }
}
