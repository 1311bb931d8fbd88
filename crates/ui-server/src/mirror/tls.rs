//! The mirror's encryption: a certificate of the user's own, or one of a private authority that is made on this machine.
//!
//! The authority's key never leaves its 0600 file, and its certificate can vouch for private addresses and `.local` names
//! alone: a phone that trusts it gives no one access to its other connections. The leaf is never written down: a new one is
//! made whenever the mirror begins to listen, the machine's addresses change, or the old one is a month old.

use std::fs::File;
use std::io::Read as _;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use mirrord_private_files::PrivateFolder;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, PublicKeyData as _, SanType,
};
use sha2::{Digest as _, Sha256};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

const CERTIFICATE: &str = "authority.pem";
const KEY: &str = "authority.key";
/// The bytes of a PEM file.
const MAX_PEM_BYTES: usize = 256 * 1024;
const DAY: Duration = Duration::from_secs(24 * 3_600);
/// Validity of the authority; it is trusted by hand, and so seldom.
const AUTHORITY_DAYS: u32 = 3_650;
/// Validity of a leaf: phones take no more than 825 days of an authority of the user's.
const LEAF_DAYS: u32 = 90;
/// Age at which a leaf is renewed.
pub(crate) const RENEW_AFTER: Duration = Duration::from_secs(30 * 24 * 3_600);
/// Clocks differ: what is made now was good yesterday.
const SKEW: Duration = DAY;

/// The private authority.
#[derive(Debug)]
pub(crate) struct PrivateAuthority {
    certificate: CertificateDer<'static>,
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

fn broken(path: &Path, reason: &str) -> String {
    format!("{} {reason}", path.display())
}

impl PrivateAuthority {
    /// The one in the folder, or a new one.
    ///
    /// # Errors
    /// In words, naming the file.
    pub(crate) fn load_or_make(folder: &PrivateFolder) -> Result<Self, String> {
        let read = |name| folder.read(name, MAX_PEM_BYTES).map_err(|error| error.to_string());
        match (read(CERTIFICATE)?, read(KEY)?) {
            (Some(certificate), Some(key)) => Self::load(folder, certificate, key),
            // Half of one vouches for nothing.
            _ => Self::make(folder),
        }
    }

    fn load(folder: &PrivateFolder, certificate: Vec<u8>, key: Vec<u8>) -> Result<Self, String> {
        let path = folder.path(CERTIFICATE);
        let der = CertificateDer::from_pem_slice(&certificate).map_err(|_| broken(&path, "is no certificate"))?;
        let key = String::from_utf8(key).ok().and_then(|key| KeyPair::from_pem(&key).ok());
        let key = key.ok_or_else(|| broken(&folder.path(KEY), "is no key"))?;
        // Both belong together: the certificate has the very key in it.
        let own = key.subject_public_key_info();
        if !der.windows(own.len()).any(|part| part == own) {
            return Err(broken(
                &folder.path(KEY),
                "is not the key of authority.pem; remove both for a new authority",
            ));
        }
        let pem = String::from_utf8(certificate).map_err(|_| broken(&path, "is no text"))?;
        Ok(Self {
            certificate: der,
            pem,
            issuer: Issuer::new(params(&key), key),
        })
    }

    fn make(folder: &PrivateFolder) -> Result<Self, String> {
        let failed = |error: rcgen::Error| format!("no private authority can be made: {error}");
        let key = KeyPair::generate().map_err(failed)?;
        let params = params(&key);
        let made = params.self_signed(&key).map_err(failed)?;
        let pem = made.pem();
        let written = folder
            .replace(KEY, key.serialize_pem().as_bytes())
            .and_then(|()| folder.replace(CERTIFICATE, pem.as_bytes()));
        written.map_err(|error| error.to_string())?;
        let certificate = made.der().clone();
        Ok(Self {
            certificate,
            pem,
            issuer: Issuer::new(params, key),
        })
    }

    /// The certificate, for who is to trust it.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    /// SHA-256 over the certificate, as phones show it.
    pub(crate) fn fingerprint(&self) -> String {
        let digest = Sha256::digest(&self.certificate);
        let pairs: Vec<_> = digest.iter().map(|byte| format!("{byte:02X}")).collect();
        pairs.join(":")
    }

    /// A server with a new leaf for these addresses and names.
    pub(crate) fn server(&self, addresses: &[IpAddr], names: &[String]) -> Result<Arc<ServerConfig>, String> {
        let failed = |error: rcgen::Error| format!("no certificate can be made: {error}");
        let key = KeyPair::generate().map_err(failed)?;
        let mut leaf = CertificateParams::default();
        leaf.subject_alt_names = addresses.iter().map(|address| SanType::IpAddress(*address)).collect();
        for name in names {
            leaf.subject_alt_names
                .push(SanType::DnsName(name.as_str().try_into().map_err(failed)?));
        }
        leaf.distinguished_name = named("mirrord mirror");
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        leaf.use_authority_key_identifier_extension = true;
        (leaf.not_before, leaf.not_after) = good_for(LEAF_DAYS);
        let made = leaf.signed_by(&key, &self.issuer).map_err(failed)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        server(vec![made.der().clone(), self.certificate.clone()], key).map_err(|error| error.to_string())
    }
}

/// From yesterday on, for so many days. rcgen's own type of a time is not named: it is made from the system's.
fn good_for<T: From<SystemTime>>(days: u32) -> (T, T) {
    let now = SystemTime::now();
    ((now - SKEW).into(), (now + DAY * days).into())
}

fn named(name: &str) -> DistinguishedName {
    let mut own = DistinguishedName::new();
    own.push(DnType::CommonName, name);
    own
}

/// Parameters of the authority's certificate. It follows from its key but for its dates, so that a leaf names the same issuer after a restart.
fn params(key: &KeyPair) -> CertificateParams {
    let digest = Sha256::digest(key.subject_public_key_info());
    let mark: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let mut own = CertificateParams::default();
    own.distinguished_name = named(&format!("mirrord mirror authority {mark}"));
    own.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    own.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    own.name_constraints = Some(NameConstraints {
        permitted_subtrees: private_names(),
        excluded_subtrees: Vec::new(),
    });
    (own.not_before, own.not_after) = good_for(AUTHORITY_DAYS);
    own
}

/// Names and addresses that a private authority may certify: addresses that mean something else in every network, and `.local`.
fn private_names() -> Vec<GeneralSubtree> {
    let v4 = [
        ([10, 0, 0, 0], 8),
        ([172, 16, 0, 0], 12),
        ([192, 168, 0, 0], 16),
        ([169, 254, 0, 0], 16),
        ([100, 64, 0, 0], 10),
        ([127, 0, 0, 0], 8),
    ];
    let six = |first: u8, second: u8| {
        let mut address = [0; 16];
        (address[0], address[1]) = (first, second);
        address
    };
    let v4 = v4
        .into_iter()
        .map(|(address, bits)| CidrSubnet::from_v4_prefix(address, bits));
    let v6 = [(six(0xfc, 0), 7), (six(0xfe, 0x80), 10)]
        .into_iter()
        .map(|(address, bits)| CidrSubnet::from_v6_prefix(address, bits));
    let addresses = v4.chain(v6).map(GeneralSubtree::IpAddress);
    addresses.chain([GeneralSubtree::DnsName("local".to_owned())]).collect()
}

/// Returns whether a private authority can vouch for an address.
pub(crate) fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            let shared = first == 100 && (64..128).contains(&second);
            address.is_private() || address.is_link_local() || address.is_loopback() || shared
        }
        IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local(),
    }
}

/// A server with the user's own certificate and key.
///
/// # Errors
/// In words, naming the file.
pub(crate) fn own(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, String> {
    let read = |path: &Path| -> Result<Vec<u8>, String> {
        let file = File::open(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let mut bytes = Vec::new();
        let limit = MAX_PEM_BYTES as u64 + 1;
        file.take(limit)
            .read_to_end(&mut bytes)
            .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        if bytes.len() > MAX_PEM_BYTES {
            return Err(broken(path, "is too large for a PEM file"));
        }
        Ok(bytes)
    };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(certificate)?).collect();
    let chain = chain.map_err(|error| broken(certificate, &format!("is no PEM file: {error}")))?;
    if chain.is_empty() {
        return Err(broken(certificate, "has no certificate"));
    }
    let private = PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|_| broken(key, "has no private key"))?;
    server(chain, private)
        .map_err(|error| format!("{} and {} do not fit: {error}", certificate.display(), key.display()))
}

fn server(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, tokio_rustls::rustls::Error> {
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions()?.with_no_client_auth();
    let mut config = builder.with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
    use tokio_rustls::rustls::pki_types::ServerName;
    use tokio_rustls::rustls::{ClientConfig, RootCertStore};
    use tokio_rustls::{TlsAcceptor, TlsConnector};

    use super::*;

    fn folder() -> (tempfile::TempDir, PrivateFolder) {
        let home = tempfile::tempdir().unwrap();
        let folder = PrivateFolder::new(home.path().join(".mirror"));
        (home, folder)
    }

    /// Returns whether who trusts the authority alone gets through to a server under a name.
    async fn trusts(pem: &str, server: Arc<ServerConfig>, name: &str) -> Result<(), String> {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap())
            .unwrap();
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let client = builder
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let (near, far) = duplex(64);
        let serving = async move {
            let mut stream = TlsAcceptor::from(server)
                .accept(far)
                .await
                .map_err(|error| error.to_string())?;
            stream.write_all(b"x").await.map_err(|error| error.to_string())?;
            stream.shutdown().await.map_err(|error| error.to_string())
        };
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let asking = async move {
            let mut stream = TlsConnector::from(Arc::new(client))
                .connect(name, near)
                .await
                .map_err(|error| error.to_string())?;
            let mut read = Vec::new();
            stream.read_to_end(&mut read).await.map_err(|error| error.to_string())
        };
        let (_, asked) = tokio::join!(serving, asking);
        asked.map(|_| ())
    }

    #[tokio::test]
    async fn who_trusts_the_authority_gets_through_also_after_a_restart() {
        let (_home, folder) = folder();
        let made = PrivateAuthority::load_or_make(&folder).unwrap();
        let again = PrivateAuthority::load_or_make(&folder).unwrap();
        assert_eq!(made.fingerprint(), again.fingerprint());
        assert_eq!(made.fingerprint().len(), 32 * 3 - 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            assert_eq!(std::fs::metadata(folder.path(KEY)).unwrap().mode() & 0o777, 0o600);
        }
        let addresses = [
            "192.168.1.5".parse().unwrap(),
            "fd00::5".parse().unwrap(),
            "127.0.0.2".parse().unwrap(),
        ];
        for authority in [&made, &again] {
            let server = authority.server(&addresses, &["box.local".to_owned()]).unwrap();
            for name in ["192.168.1.5", "fd00::5", "127.0.0.2", "box.local"] {
                trusts(made.pem(), Arc::clone(&server), name).await.unwrap();
            }
            assert!(trusts(made.pem(), server, "192.168.1.6").await.is_err());
        }
        let (_other_home, other) = self::folder();
        let other = PrivateAuthority::load_or_make(&other).unwrap();
        let server = other.server(&addresses, &[]).unwrap();
        assert!(
            trusts(made.pem(), server, "192.168.1.5").await.is_err(),
            "another machine's authority is another"
        );
    }

    #[tokio::test]
    async fn the_authority_vouches_for_nothing_public() {
        let (_home, folder) = folder();
        let authority = PrivateAuthority::load_or_make(&folder).unwrap();
        let public = "93.184.216.34".parse().unwrap();
        assert!(!is_private(public) && is_private("10.1.2.3".parse().unwrap()));
        let bank = authority.server(&[], &["bank.example".to_owned()]).unwrap();
        assert!(trusts(authority.pem(), bank, "bank.example").await.is_err());
        let address = authority.server(&[public], &[]).unwrap();
        assert!(trusts(authority.pem(), address, "93.184.216.34").await.is_err());
    }

    #[tokio::test]
    async fn a_certificate_of_ones_own_is_used() {
        let (home, _) = folder();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["box.example".to_owned()]).unwrap();
        params.distinguished_name = named("own");
        let pem = params.self_signed(&key).unwrap().pem();
        let (certificate, private) = (home.path().join("c.pem"), home.path().join("k.pem"));
        std::fs::write(&certificate, &pem).unwrap();
        std::fs::write(&private, key.serialize_pem()).unwrap();
        trusts(&pem, own(&certificate, &private).unwrap(), "box.example")
            .await
            .unwrap();
        let other = home.path().join("other.pem");
        std::fs::write(&other, KeyPair::generate().unwrap().serialize_pem()).unwrap();
        for (certificate, key, words) in [
            (&certificate, &other, "do not fit"),
            (&private, &private, "has no certificate"),
            (&certificate, &certificate, "has no private key"),
            (&home.path().join("missing"), &private, "cannot read"),
        ] {
            let error = own(certificate, key).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn another_key_beside_the_certificate_is_said() {
        let (_home, folder) = folder();
        PrivateAuthority::load_or_make(&folder).unwrap();
        folder
            .replace(KEY, KeyPair::generate().unwrap().serialize_pem().as_bytes())
            .unwrap();
        assert!(
            PrivateAuthority::load_or_make(&folder)
                .unwrap_err()
                .contains("is not the key of")
        );
        folder.replace(CERTIFICATE, b"x").unwrap();
        assert!(
            PrivateAuthority::load_or_make(&folder)
                .unwrap_err()
                .contains("is no certificate")
        );
    }
}
