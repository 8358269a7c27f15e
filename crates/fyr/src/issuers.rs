//! Other issuers whose word counts for applications that trust them: named on the command line,
//! each with the file of its keys. Nothing is fetched.

use std::{path::PathBuf, str::FromStr};

use anyhow::Context;
use identity::assertion::Issuers;

use crate::worlds;

/// `URL=JWKS_FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedIssuer {
    url: String,
    keys: PathBuf,
}

/// What is no `URL=JWKS_FILE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an issuer is given as `https://…=JWKS_FILE`")]
pub struct BadIssuer;

impl FromStr for TrustedIssuer {
    type Err = BadIssuer;

    fn from_str(text: &str) -> Result<Self, BadIssuer> {
        let (url, keys) = text.split_once('=').ok_or(BadIssuer)?;
        if url.len() <= "https://".len() || !url.starts_with("https://") || keys.is_empty() {
            return Err(BadIssuer);
        }
        Ok(Self { url: url.to_owned(), keys: keys.into() })
    }
}

/// Reads the keys of each.
pub fn read(trusted: &[TrustedIssuer]) -> anyhow::Result<Issuers> {
    let mut issuers = Issuers::default();
    for it in trusted {
        let told = || format!("the keys of `{}` in `{}`", it.url, it.keys.display());
        let text = worlds::text(&it.keys).with_context(told)?;
        issuers.trust(&it.url, &text).with_context(told)?;
    }
    Ok(issuers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_a_url_and_a_file_of_keys() {
        let good: TrustedIssuer = "https://ci.example/x=keys.json".parse().unwrap();
        assert_eq!(good.url, "https://ci.example/x");
        for bad in ["", "https://ci.example", "http://ci.example=k", "https://=k", "https://x="] {
            assert_eq!(bad.parse::<TrustedIssuer>(), Err(BadIssuer), "{bad}");
        }
    }

    #[test]
    fn a_file_without_keys_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        let trusted = [TrustedIssuer { url: "https://ci.example".to_owned(), keys: path.clone() }];
        assert!(read(&trusted).is_err(), "there is none");
        std::fs::write(&path, "{}").unwrap();
        let told = format!("{:#}", read(&trusted).unwrap_err());
        assert!(told.contains("https://ci.example"), "{told}");
        let key = r#"{"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"}]}"#;
        std::fs::write(&path, key).unwrap();
        assert!(read(&trusted).is_ok());
    }
}
