//! Signing out (`OpenID` Connect RP-Initiated Logout 1.0): who a client says was signed in.

use ids::guid::{AppId, ObjectId, Principal, TenantId};
use jsonwebtoken::Algorithm;
use serde::Deserialize;

use crate::{
    claims::issuer,
    jwt::{self, Keys},
};

/// What an id token of ours says, however old it is: whom it was given to, and of whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    pub app: AppId,
    pub who: Principal,
}

#[derive(Deserialize)]
struct Said {
    aud: AppId,
    iss: String,
    tid: TenantId,
    oid: ObjectId,
}

/// Reads a hint; one that is not ours counts as none. An access token is for no client, so it
/// is no hint.
pub fn hint(token: &str, keys: &Keys, login: &str) -> Option<Hint> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    let key = keys.find(&header.kid?)?;
    let said: Said = jwt::signed(token, key, Algorithm::RS256)?;
    let who = Principal { tenant: said.tid, object: said.oid };
    (said.iss == issuer(login, said.tid)).then_some(Hint { app: said.aud, who })
}

#[cfg(test)]
mod tests {
    use ids::clock::TestRandom;
    use model::samples::{self, ADA, PROVIDER};

    use super::*;
    use crate::{
        account::Account,
        claims::{self, Issue},
        client::AZURE_CLI,
        keys::{Signer, generate},
        secret::MasterKey,
    };

    #[test]
    fn only_an_id_token_of_ours_says_who_was_signed_in() {
        let (login, now, master) =
            ("https://localhost:8443", samples::now(), MasterKey::new([1; 32]));
        let key = generate(now, now, &master, &TestRandom::default()).unwrap();
        let (signer, keys) = (Signer::open(&key, &master).unwrap(), Keys::own(&[key]));
        let home = samples::user(ADA, "ada");
        let issue = Issue { login, tenant: PROVIDER, app: AZURE_CLI, now };
        let account = Account { local: home.clone(), home };
        let token = signer.sign(&claims::id(issue, &account, (&[], now), None)).unwrap();
        let expected = Hint { app: AZURE_CLI, who: ADA };
        assert_eq!(hint(&token, &keys, login), Some(expected));
        assert_eq!(hint(&token, &keys, "https://elsewhere"), None);
        assert_eq!(hint(&token, &Keys::default(), login), None);
        let (start, _) = token.rsplit_once('.').unwrap();
        for bad in ["", "a.b.c", start, &format!("{start}.AAAA")] {
            assert_eq!(hint(bad, &keys, login), None, "{bad}");
        }
    }
}
