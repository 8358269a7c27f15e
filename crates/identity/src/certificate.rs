//! Certificates that applications sign with: what is read of one, and what one must be.

use aws_lc_rs::digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use jiff::Timestamp;
use model::directory::{Certificate, Credential, Holder, Secret};
use uuid::Uuid;
use x509_parser::{
    certificate::X509Certificate, pem::Pem, prelude::FromDer, public_key::PublicKey, time::ASN1Time,
};

/// A certificate with a long chain of names stays below.
const BYTES_MAX: usize = 16 * 1024;
/// Weaker keys are broken; what is longer makes a check cost more than it is worth.
const KEY_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// The longest subject that is repeated as a name.
const NAME_CHARS_MAX: usize = 120;

/// Why a certificate is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCertificate {
    #[error("this is no X.509 certificate, in DER or PEM")]
    Unreadable,
    #[error("a private key stands beside the certificate: it belongs to nobody but its owner")]
    PrivateKey,
    #[error("the certificate's key is no RSA key of 2048 to 8192 bits")]
    Key,
}

/// A certificate, and what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    pub certificate: Certificate,
    /// Whose it says it is: `CN=…`.
    pub subject: String,
    pub expires: Timestamp,
}

impl Read {
    /// The certificate as a credential of that holder, called like its subject unless it has
    /// another name.
    pub fn credential(self, holder: Holder, key: Uuid, display_name: Option<String>) -> Credential {
        let display_name = display_name.unwrap_or(self.subject);
        let secret = Secret::Certificate(self.certificate);
        Credential { holder, key, display_name, secret, expires: Some(self.expires) }
    }
}

/// Reads a certificate, DER or PEM. Who issued it does not matter: it counts because its owner
/// put it there.
pub fn read(bytes: &[u8]) -> Result<Read, BadCertificate> {
    if bytes.len() > BYTES_MAX {
        return Err(BadCertificate::Unreadable);
    }
    let der = if bytes.first() == Some(&0x30) { bytes.to_vec() } else { unwrapped(bytes)? };
    let (rest, parsed) = X509Certificate::from_der(&der).map_err(|_| BadCertificate::Unreadable)?;
    if !rest.is_empty() {
        return Err(BadCertificate::Unreadable);
    }
    let (modulus, exponent) = key(&parsed)?;
    let validity = parsed.validity();
    let certificate = Certificate {
        der: BASE64_STANDARD.encode(&der),
        thumbprint: thumbprint(&SHA1_FOR_LEGACY_USE_ONLY, &der),
        thumbprint_sha256: thumbprint(&SHA256, &der),
        modulus,
        exponent,
        starts: time(validity.not_before)?,
    };
    let subject = parsed.subject().to_string();
    let subject = subject.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect();
    Ok(Read { certificate, subject, expires: time(validity.not_after)? })
}

/// The first certificate of a PEM file.
fn unwrapped(bytes: &[u8]) -> Result<Vec<u8>, BadCertificate> {
    let mut first = None;
    for block in Pem::iter_from_buffer(bytes) {
        let block = block.map_err(|_| BadCertificate::Unreadable)?;
        if block.label.contains("PRIVATE KEY") {
            return Err(BadCertificate::PrivateKey);
        }
        if block.label == "CERTIFICATE" {
            first = first.or(Some(block.contents));
        }
    }
    first.ok_or(BadCertificate::Unreadable)
}

fn key(parsed: &X509Certificate<'_>) -> Result<(String, String), BadCertificate> {
    let Ok(PublicKey::RSA(key)) = parsed.public_key().parsed() else {
        return Err(BadCertificate::Key);
    };
    let bare = |number: &[u8]| -> Vec<u8> {
        number.iter().copied().skip_while(|byte| *byte == 0).collect()
    };
    let (modulus, exponent) = (bare(key.modulus), bare(key.exponent));
    let leading = modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
    let bits = (modulus.len() * 8).saturating_sub(leading);
    if !KEY_BITS.contains(&bits) || exponent.is_empty() || exponent.len() > 4 {
        return Err(BadCertificate::Key);
    }
    Ok((BASE64_URL_SAFE_NO_PAD.encode(modulus), BASE64_URL_SAFE_NO_PAD.encode(exponent)))
}

fn thumbprint(algorithm: &'static Algorithm, der: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(algorithm, der))
}

fn time(at: ASN1Time) -> Result<Timestamp, BadCertificate> {
    Timestamp::from_second(at.timestamp()).map_err(|_| BadCertificate::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with `openssl req -x509 -newkey rsa:2048 -subj /CN=automation`; its key is gone.
    const PEM: &str = include_str!("certificate/automation.pem");
    /// The same with a key on the curve P-256.
    const ON_A_CURVE: &str = include_str!("certificate/curve.pem");

    #[test]
    fn a_certificate_is_read_from_pem_and_from_der_alike() {
        let read = super::read(PEM.as_bytes()).unwrap();
        assert_eq!(read.subject, "CN=automation");
        // What `openssl x509 -fingerprint` says of it.
        assert_eq!(read.certificate.thumbprint, "29edoG-wo0oC4iSUzaxcc1Y7AFk");
        assert_eq!(
            read.certificate.thumbprint_sha256,
            "dMz8EbNw9stV4Egu3j2A2nMm4ykgRr78veSnoxYFgNA"
        );
        assert_eq!(read.certificate.exponent, "AQAB");
        let modulus = BASE64_URL_SAFE_NO_PAD.decode(&read.certificate.modulus).unwrap();
        assert_eq!(modulus.len(), 256);
        assert!(read.certificate.starts < read.expires);
        let der = BASE64_STANDARD.decode(&read.certificate.der).unwrap();
        assert_eq!(super::read(&der), Ok(read));
    }

    #[test]
    fn what_is_no_certificate_of_a_strong_rsa_key_is_refused() {
        let der = BASE64_STANDARD.decode(read(PEM.as_bytes()).unwrap().certificate.der).unwrap();
        let cut = der.get(..der.len() - 1).unwrap().to_vec();
        let longer = [der.as_slice(), b"x"].concat();
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        let cases: [(&[u8], BadCertificate); 7] = [
            (b"", BadCertificate::Unreadable),
            (b"certificate", BadCertificate::Unreadable),
            (&cut, BadCertificate::Unreadable),
            (&longer, BadCertificate::Unreadable),
            (&vec![0x30; BYTES_MAX + 1], BadCertificate::Unreadable),
            (&[PEM, key].concat().into_bytes(), BadCertificate::PrivateKey),
            (ON_A_CURVE.as_bytes(), BadCertificate::Key),
        ];
        for (bytes, expected) in cases {
            assert_eq!(read(bytes), Err(expected));
        }
    }
}
