//! Clients that show who they are: by a secret, or by a signed word of their own or of an issuer
//! that their application trusts.

use identity::{
    assertion::{self, Assertion, Source},
    client::{self, Authenticated},
    jwt::Keys,
    refusal::Refused,
    request::{ClientClaim, Proof},
    secret::Sensitive,
};
use ids::guid::{AppId, Principal};
use model::directory::{Credential, ServicePrincipal};

use super::{Asker, Error, SignIn};

impl SignIn {
    /// Lets the client show that it is who it says.
    pub(super) async fn prove(
        &self,
        asker: &Asker,
        claim: &ClientClaim,
        credentials: Vec<Credential>,
    ) -> Result<Authenticated, Error> {
        let account = format!("app:{}", claim.app);
        let stated = client::stated(claim)?;
        self.admit(&account, asker)?;
        match stated {
            Proof::Secret(secret) => {
                let (app, now) = (claim.app, self.now());
                let proven = |found: Option<Credential>| client::proven(app, found.as_ref(), now);
                self.matching((&account, asker), &secret.0, credentials, proven).await?;
                Ok(Authenticated::BySecret)
            }
            Proof::Assertion(text) => {
                let proven = self.by_assertion(asker, claim.app, text, &credentials).await;
                if let Ok(_) | Err(Error::Refused(_)) = &proven {
                    self.settle(&account, asker, &proven);
                }
                proven
            }
        }
    }

    async fn by_assertion(
        &self,
        asker: &Asker,
        app: AppId,
        text: &Sensitive,
        credentials: &[Credential],
    ) -> Result<Authenticated, Error> {
        let assertion = Assertion::read(text)?;
        let (login, now) = (self.plane.origins.login.as_str(), self.now());
        if assertion.is_own(app) {
            let here = (login, asker.directory);
            assertion::by_certificate(&assertion, app, credentials, here, now)?;
            return Ok(Authenticated::ByAssertion);
        }
        let source = assertion::source(&assertion, credentials, login)?;
        let keys = match source {
            Source::Own(_) => Some(Keys::own(&self.published_keys())),
            Source::Other { issuer, key } => self.issuers.keys(issuer, key, now).await,
        };
        let by = (source, keys.as_ref());
        if let Some(who) = assertion::by_issuer(&assertion, credentials, by, now)? {
            self.still_there(who).await?;
        }
        Ok(Authenticated::ByAssertion)
    }

    /// Whether an application of another tenant of Fyr's, for which one of Fyr's tokens speaks,
    /// may still sign in there: its tokens say who it is, and not that it still is.
    async fn still_there(&self, who: Principal) -> Result<(), Error> {
        let snapshot = self.plane.store.snapshot().await?;
        let principal = snapshot.find::<ServicePrincipal>(&who).await?;
        match principal {
            Some(it) if it.enabled => Ok(()),
            Some(_) | None => Err(Refused::FederatedSubject(who.object.to_string()).into()),
        }
    }
}
