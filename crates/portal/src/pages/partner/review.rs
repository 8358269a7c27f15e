//! The operators' pages: which companies wait to be verified, which submissions wait to be certified,
//! and the word on each.

use ids::{guid::TenantId, scope::Scope};
use model::{action::Action, question::Via};
use operations::{context::Context, error::Error};

use crate::{ask::Ask, trouble::Trouble};

pub(super) mod certifications;
pub(super) mod verifications;

mod edition;

/// So many companies, or submissions, on a page.
const PAGE: usize = 20;
/// Who sees what is here.
const SHUT: &str = "Operators look at companies and submissions here, and you are none.";

impl Ask {
    /// Does what only operators may: about that tenant, or about all.
    pub(in crate::pages) async fn operate<T, F>(
        &self,
        method: &'static str,
        action: &str,
        tenant: Option<TenantId>,
        work: impl FnOnce(Context) -> F + Send,
    ) -> Result<T, Trouble>
    where
        F: Future<Output = Result<T, Error>> + Send,
    {
        let asked = (Action::named(format!("Fyr.Platform/{action}")), Via::Platform);
        let own = self.visitor()?.principal().tenant;
        self.asked(method, asked, Scope::Tenant(tenant.unwrap_or(own)), work).await
    }
}
