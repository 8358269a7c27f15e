//! Signed tokens of others: read first, believed only when a known key has signed them.

use std::collections::HashMap;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use model::directory::SigningKey;
use serde::de::DeserializeOwned;

/// Public keys, by the id that tokens name them by.
#[derive(Clone, Default)]
pub struct Keys(HashMap<String, DecodingKey>);

/// What is no set of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no JSON Web Key Set with an RSA key that has a `kid`")]
pub struct BadKeys;

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Keys {
    /// The public halves of our own.
    pub fn own(keys: &[SigningKey]) -> Self {
        let read = |key: &SigningKey| {
            let public = DecodingKey::from_rsa_components(&key.modulus, &key.exponent).ok()?;
            Some((key.id.clone(), public))
        };
        Self(keys.iter().filter_map(read).collect())
    }

    /// Those of a key set (RFC 7517) that are RSA keys and have an id.
    pub fn parse(jwks: &str) -> Result<Self, BadKeys> {
        let set: JwkSet = serde_json::from_str(jwks).map_err(|_| BadKeys)?;
        let read = |key: &jsonwebtoken::jwk::Jwk| {
            let is_rsa = matches!(key.algorithm, jsonwebtoken::jwk::AlgorithmParameters::RSA(_));
            let id = key.common.key_id.clone().filter(|_| is_rsa)?;
            Some((id, DecodingKey::from_jwk(key).ok()?))
        };
        let keys: HashMap<_, _> = set.keys.iter().filter_map(read).collect();
        if keys.is_empty() { Err(BadKeys) } else { Ok(Self(keys)) }
    }

    /// The key of that id.
    pub(crate) fn find(&self, id: &str) -> Option<&DecodingKey> {
        self.0.get(id)
    }
}

/// The claims, if that key has signed them by that algorithm. Times are the caller's to judge.
pub(crate) fn signed<T: DeserializeOwned>(
    token: &str,
    key: &DecodingKey,
    algorithm: Algorithm,
) -> Option<T> {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    jsonwebtoken::decode::<T>(token, key, &validation).ok().map(|read| read.claims)
}

/// What a token says, whoever has signed it: good for finding the key, and for nothing else.
pub(crate) fn unverified<T: DeserializeOwned>(token: &str) -> Option<T> {
    let mut parts = token.split('.');
    let (payload, _signature) = (parts.nth(1)?, parts.next()?);
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(payload).ok().filter(|_| parts.next().is_none())?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_set_is_read_for_its_named_rsa_keys() {
        let rsa = r#"{"kty":"RSA","kid":"a","use":"sig","n":"AQAB","e":"AQAB"}"#;
        let curve = r#"{"kty":"EC","kid":"b","crv":"P-256","x":"AQAB","y":"AQAB"}"#;
        let nameless = r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#;
        let set = |keys: &str| format!(r#"{{"keys":[{keys}]}}"#);
        let keys = Keys::parse(&set(&format!("{rsa},{curve}"))).unwrap();
        assert!(keys.find("a").is_some() && keys.find("b").is_none());
        for bad in ["", "{}", "[]", &set(""), &set(curve), &set(nameless)] {
            assert_eq!(Keys::parse(bad).err(), Some(BadKeys), "{bad}");
        }
    }
}
