//! Other issuers whose word counts for applications that trust them: named on the command line,
//! each alone, or with the file of its keys.

use std::{path::PathBuf, str::FromStr, sync::Arc};

use anyhow::Context;
use operations::sign_in::issuers::Issuers;

use crate::{outgoing::Https, worlds};

pub mod web;

/// `URL` or `URL=JWKS_FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedIssuer {
    url: String,
    /// None: the issuer is asked.
    keys: Option<PathBuf>,
}

/// What is no `URL[=JWKS_FILE]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an issuer is given as `https://…`, or as `https://…=JWKS_FILE`")]
pub struct BadIssuer;

impl FromStr for TrustedIssuer {
    type Err = BadIssuer;

    fn from_str(text: &str) -> Result<Self, BadIssuer> {
        let (url, keys) = match text.split_once('=') {
            Some((url, keys)) => (url, Some(keys)),
            None => (text, None),
        };
        if url.len() <= "https://".len() || !url.starts_with("https://") || keys == Some("") {
            return Err(BadIssuer);
        }
        Ok(Self { url: url.to_owned(), keys: keys.map(PathBuf::from) })
    }
}

/// Reads the keys of each that has a file.
pub fn read(trusted: &[TrustedIssuer]) -> anyhow::Result<Issuers> {
    let mut issuers = if trusted.iter().any(|it| it.keys.is_none()) {
        Issuers::fetched_by(Arc::new(web::Web::by(Arc::new(Https::of_this_machine()?))))
    } else {
        Issuers::default()
    };
    for it in trusted {
        let Some(file) = &it.keys else {
            issuers.follow(&it.url);
            continue;
        };
        let told = || format!("the keys of `{}` in `{}`", it.url, file.display());
        let text = worlds::text(file).with_context(told)?;
        issuers.trust(&it.url, &text).with_context(told)?;
    }
    Ok(issuers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_a_url_and_may_have_a_file_of_keys() {
        let read = |text: &str| text.parse::<TrustedIssuer>().map(|it| (it.url, it.keys));
        let url = "https://ci.example/x".to_owned();
        assert_eq!(read("https://ci.example/x"), Ok((url.clone(), None)));
        assert_eq!(read("https://ci.example/x=keys.json"), Ok((url, Some("keys.json".into()))));
        for bad in ["", "https://", "http://ci.example", "https://=k", "https://x="] {
            assert_eq!(bad.parse::<TrustedIssuer>(), Err(BadIssuer), "{bad}");
        }
    }

    #[test]
    fn a_file_without_keys_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        let url = "https://ci.example".to_owned();
        let trusted = [TrustedIssuer { url, keys: Some(path.clone()) }];
        assert!(read(&trusted).is_err(), "there is none");
        std::fs::write(&path, "{}").unwrap();
        let told = format!("{:#}", read(&trusted).unwrap_err());
        assert!(told.contains("https://ci.example"), "{told}");
        let key = r#"{"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"}]}"#;
        std::fs::write(&path, key).unwrap();
        assert!(read(&trusted).is_ok());
    }
}
