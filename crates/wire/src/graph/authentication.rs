//! `softwareOathAuthenticationMethod`: an authenticator with which somebody signs in.

use model::directory::Credential;
use serde_json::{Value, json};

use super::{Kind, View, view};

/// `#microsoft.graph.softwareOathAuthenticationMethod`.
pub const SOFTWARE_OATH: Kind = Kind {
    name: "softwareOathAuthenticationMethod",
    set: "softwareOathMethods",
    by_default: &["id", "secretKey"],
    on_request: &[],
};

/// As it is listed: its key is told to nobody.
pub fn software_oath(it: &Credential) -> View {
    view([("id", json!(it.key)), ("secretKey", Value::Null)])
}

#[cfg(test)]
mod tests {
    use model::{
        directory::{Holder, Secret, second_factor_key},
        samples::ADA,
    };

    use super::*;

    #[test]
    fn nothing_of_what_an_authenticator_knows_is_told() {
        let credential = Credential {
            holder: Holder::User(ADA),
            key: second_factor_key(ADA),
            display_name: "authenticator".to_owned(),
            secret: Secret::Seed("sealed".to_owned()),
            expires: None,
        };
        let shown = serde_json::to_string(&software_oath(&credential)).unwrap();
        assert!(
            !shown.contains("sealed") && shown.contains(&credential.key.to_string()),
            "{shown}"
        );
    }
}
