//! A certificate authority of this machine's own, good for `localhost` and nothing else, and
//! the certificate that it signs for the server.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, Mutex, PoisonError},
};

use ids::clock::Clock;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    NameConstraints, PublicKeyData, SanType, date_time_ymd,
};
use rustls::{
    ServerConfig,
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use crate::folder::{Folder, Unusable};

/// The authority's certificate, which clients are told to trust.
pub const CERTIFICATE_FILE: &str = "ca.pem";
const KEY_FILE: &str = "ca.key";
/// Outlives the installation; its key never leaves the machine.
const AUTHORITY_DAYS: i64 = 3652;
/// What browsers accept at most is about 13 months.
const LEAF_DAYS: i64 = 365;
/// A server that runs for long renews its certificate this long before it ends.
const RENEW_BEFORE_DAYS: i64 = 30;
/// For machines whose clocks disagree.
const BACKDATED_DAYS: i64 = 1;

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum NoCertificate {
    #[error("no certificate can be made")]
    Make(#[from] rcgen::Error),
    #[error("the certificate cannot be served")]
    Serve(#[from] rustls::Error),
    #[error("the folder has no authority key that fits its `{CERTIFICATE_FILE}`")]
    Garbled,
    #[error(transparent)]
    Folder(#[from] Unusable),
}

/// Signs the server's certificates.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    provider: Arc<CryptoProvider>,
}

impl Authority {
    /// The folder's authority, made at the first start.
    pub fn open(folder: &Folder, now: Timestamp) -> Result<Self, NoCertificate> {
        let kept = folder.secret(KEY_FILE)?;
        let key = match kept {
            Some(pem) if folder.file(CERTIFICATE_FILE).exists() => {
                let pem = String::from_utf8(pem).map_err(|_| NoCertificate::Garbled)?;
                KeyPair::from_pem(&pem).map_err(|_| NoCertificate::Garbled)?
            }
            _ => {
                let key = KeyPair::generate()?;
                let certificate = authority(&key, now).self_signed(&key)?;
                folder.write(KEY_FILE, key.serialize_pem().as_bytes())?;
                folder.write(CERTIFICATE_FILE, certificate.pem().as_bytes())?;
                key
            }
        };
        let provider = Arc::new(aws_lc_rs::default_provider());
        Ok(Self { issuer: Issuer::new(authority(&key, now), key), provider })
    }

    /// How connections are served: by a certificate that is renewed in time.
    pub fn serve(self, clock: Arc<dyn Clock>) -> Result<ServerConfig, NoCertificate> {
        let provider = Arc::clone(&self.provider);
        let leaf = Mutex::new(self.issue(clock.now())?);
        let resolver = Arc::new(Renewing { authority: self, clock, leaf });
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(resolver);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }

    fn issue(&self, now: Timestamp) -> Result<Leaf, NoCertificate> {
        let key = KeyPair::generate()?;
        let until = later(now, LEAF_DAYS);
        let certificate = leaf(now, until)?.signed_by(&key, &self.issuer)?;
        let der = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signer = self.provider.key_provider.load_private_key(der)?;
        let certified = CertifiedKey::new(vec![certificate.der().clone()], signer);
        Ok(Leaf { certified: Arc::new(certified), renew: later(until, -RENEW_BEFORE_DAYS) })
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authority(…)")
    }
}

/// A certificate in use.
struct Leaf {
    certified: Arc<CertifiedKey>,
    renew: Timestamp,
}

struct Renewing {
    authority: Authority,
    clock: Arc<dyn Clock>,
    leaf: Mutex<Leaf>,
}

impl fmt::Debug for Renewing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Renewing(…)")
    }
}

impl ResolvesServerCert for Renewing {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let now = self.clock.now();
        let mut leaf = self.leaf.lock().unwrap_or_else(PoisonError::into_inner);
        if now >= leaf.renew {
            match self.authority.issue(now) {
                Ok(renewed) => *leaf = renewed,
                Err(error) => tracing::error!(%error, "the certificate was not renewed"),
            }
        }
        Some(Arc::clone(&leaf.certified))
    }
}

/// Newer Pythons refuse an authority without critical basic constraints and key usage.
fn authority(key: &KeyPair, now: Timestamp) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    let print = key.der_bytes().last_chunk::<4>().map_or(0, |it| u32::from_be_bytes(*it));
    parameters.distinguished_name = named(&format!("Fyr local authority {print:08x}"));
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    parameters.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![
            GeneralSubtree::DnsName("localhost".to_owned()),
            GeneralSubtree::IpAddress(CidrSubnet::V4([127, 0, 0, 1], [255; 4])),
        ],
        excluded_subtrees: Vec::new(),
    });
    last(&mut parameters, now, later(now, AUTHORITY_DAYS));
    parameters
}

fn leaf(now: Timestamp, until: Timestamp) -> Result<CertificateParams, rcgen::Error> {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = named("localhost");
    parameters.subject_alt_names = vec![
        SanType::DnsName("localhost".try_into()?),
        SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)),
    ];
    parameters.is_ca = IsCa::ExplicitNoCa; // adds the subject key identifier, too
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    parameters.use_authority_key_identifier_extension = true;
    last(&mut parameters, now, until);
    Ok(parameters)
}

fn last(parameters: &mut CertificateParams, now: Timestamp, until: Timestamp) {
    let (year, month, date) = day(later(now, -BACKDATED_DAYS));
    parameters.not_before = date_time_ymd(year, month, date);
    let (year, month, date) = day(until);
    parameters.not_after = date_time_ymd(year, month, date);
}

fn named(name: &str) -> DistinguishedName {
    let mut whole = DistinguishedName::new();
    whole.push(DnType::CommonName, name);
    whole
}

fn later(time: Timestamp, days: i64) -> Timestamp {
    time.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MAX)
}

/// The UTC day of that time, as certificates write it.
fn day(time: Timestamp) -> (i32, u8, u8) {
    let date = TimeZone::UTC.to_datetime(time).date();
    let part = |number: i8| u8::try_from(number).unwrap_or(1);
    (i32::from(date.year()), part(date.month()), part(date.day()))
}

#[cfg(test)]
mod tests;
