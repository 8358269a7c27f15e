//! Whether a client asks that somebody shows more than a password.
//!
//! Entra's clients ask by `claims` (`OpenID` Connect Core, section 5.5), by `acr_values`, or, the
//! older ones, by `amr_values`. Other claims that a request names are wishes, and none is refused.

use model::event::Caller;
use serde_json::Value;

use crate::{form::Form, refusal::Refused};

/// Far more than any client sends.
const CLAIMS_BYTES_MAX: usize = 8 * 1024;
/// What stands for more than one factor in `acr_values`, as Entra and ADFS spell it.
const BY_CONTEXT: [&str; 2] =
    [Caller::MULTIPLE_FACTORS, "http://schemas.microsoft.com/claims/multipleauthn"];

/// Whether more than a password is asked for.
pub fn wanted(form: &Form) -> Result<bool, Refused> {
    let words = ["acr_values", "amr_values"].iter().filter_map(|name| form.get(name));
    let named = words.flat_map(|text| text.split(' ')).any(|word| BY_CONTEXT.contains(&word));
    Ok(named || claimed(form.get("claims").unwrap_or_default())?)
}

fn claimed(text: &str) -> Result<bool, Refused> {
    const BAD: Refused = Refused::Malformed("the claims are no JSON object");
    if text.trim().is_empty() {
        return Ok(false);
    }
    if text.len() > CLAIMS_BYTES_MAX {
        return Err(BAD);
    }
    let Ok(Value::Object(claims)) = serde_json::from_str(text) else { return Err(BAD) };
    let places = ["access_token", "id_token"].iter().filter_map(|name| claims.get(*name));
    let wishes = places.flat_map(|it| ["amr", "acr"].map(|name| it.get(name))).flatten();
    Ok(wishes.into_iter().any(|it| names(it, "value") || names(it, "values")))
}

fn names(wish: &Value, field: &str) -> bool {
    let is = |it: &Value| it.as_str().is_some_and(|word| BY_CONTEXT.contains(&word));
    wish.get(field).is_some_and(|it| is(it) || it.as_array().is_some_and(|all| all.iter().any(is)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_a_password_is_asked_for_in_each_way_that_clients_have() {
        let cases = [
            ("", Ok(false)),
            ("acr_values=mfa", Ok(true)),
            ("acr_values=c1+mfa", Ok(true)),
            ("amr_values=mfa", Ok(true)),
            ("acr_values=http%3A%2F%2Fschemas.microsoft.com%2Fclaims%2Fmultipleauthn", Ok(true)),
            ("acr_values=c1+possession", Ok(false)),
            (r#"claims={"access_token":{"amr":{"essential":true,"values":["mfa"]}}}"#, Ok(true)),
            (r#"claims={"id_token":{"amr":{"values":["pwd","mfa"]}}}"#, Ok(true)),
            (r#"claims={"id_token":{"amr":{"value":"mfa"}}}"#, Ok(true)),
            (r#"claims={"id_token":{"acr":{"essential":true,"value":"mfa"}}}"#, Ok(true)),
            (r#"claims={"access_token":{"xms_cc":{"values":["CP1"]}}}"#, Ok(false)),
            (r#"claims={"access_token":{"amr":{"values":["pwd"]}}}"#, Ok(false)),
            (r#"claims={"access_token":{"amr":null},"userinfo":null}"#, Ok(false)),
            ("claims=", Ok(false)),
            ("claims=[1]", Err(())),
            ("claims={", Err(())),
        ];
        for (text, expected) in cases {
            let found = wanted(&Form::parse(text.as_bytes()).unwrap());
            assert_eq!(found.map_err(|_| ()), expected, "{text}");
        }
        let long = format!("claims={{\"x\":\"{}\"}}", "y".repeat(CLAIMS_BYTES_MAX));
        assert!(wanted(&Form::parse(long.as_bytes()).unwrap()).is_err());
    }
}
