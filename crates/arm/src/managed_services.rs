//! What answers the rows of `Microsoft.ManagedServices`.

use delegation::dialect::Dialect;
use ids::{
    guid::{OperationId, TenantId},
    resource::{AssignmentId, DefinitionId, ResourceId},
};
use model::question::Via;
use operations::delegation::Shown;
use wire::arm::{
    content::BadContent,
    managed_services::{
        filter,
        generation::{self, Generation},
        operations::operations as known,
    },
};

use crate::{
    failure::Failure,
    handlers::status,
    request::{
        ArmResponse,
        Method::{Delete, Get, Put},
    },
    route::{
        Answer, Ask,
        Judge::{self, Action, Each, Starter},
        Route,
        Target::{Item, List},
        Versions, row,
    },
};

pub mod assignments;
pub mod definitions;
pub mod marketplace;
pub(crate) mod refusals;

const DEFINITIONS: &str = DefinitionId::KIND;
const ASSIGNMENTS: &str = AssignmentId::KIND;
const MARKETPLACE: &str = "Microsoft.ManagedServices/marketplaceRegistrationDefinitions";
/// Published plans came with the fourth version.
const PUBLISHED: Versions =
    Versions::These(&["2022-10-01", "2022-01-01-preview", "2020-02-01-preview", "2019-09-01"]);
const VERSIONS: Versions = Versions::These(&generation::VERSIONS);
const READ: Judge = Action("{kind}/read", Via::Any);
const WRITE: Judge = Action("{kind}/write", Via::Any);
const DELETE: Judge = Action("{kind}/delete", Via::Any);

/// What this provider answers.
pub(crate) const ROUTES: &[Route] = &[
    row(Get, Item(DEFINITIONS), VERSIONS, READ, definitions::get),
    row(Put, Item(DEFINITIONS), VERSIONS, WRITE, definitions::put),
    row(Delete, Item(DEFINITIONS), VERSIONS, DELETE, definitions::delete),
    row(Get, List(DEFINITIONS), VERSIONS, READ, definitions::list),
    row(Get, Item(ASSIGNMENTS), VERSIONS, READ, assignments::get),
    row(Put, Item(ASSIGNMENTS), VERSIONS, WRITE, assignments::put),
    row(Delete, Item(ASSIGNMENTS), VERSIONS, DELETE, assignments::delete),
    row(Get, List(ASSIGNMENTS), VERSIONS, READ, assignments::list),
    row(
        Get,
        Item("Microsoft.ManagedServices/operationStatuses"),
        VERSIONS,
        Starter,
        status::status,
    ),
    row(
        Get,
        List("Microsoft.ManagedServices/operations"),
        VERSIONS,
        Each("{kind}/read"),
        list_operations,
    ),
    row(Get, Item(MARKETPLACE), PUBLISHED, Each("{kind}/read"), marketplace::get),
    row(Get, List(MARKETPLACE), PUBLISHED, Each("{kind}/read"), marketplace::list),
];

/// The provider's namespace, as it spells itself.
const NAMESPACE: &str = "Microsoft.ManagedServices";
/// Seconds until a client should poll. Clients take 0 for 30.
const RETRY_AFTER: &str = "1";

/// `GET …/providers/Microsoft.ManagedServices/operations`, at the tenant or at any scope.
pub(crate) fn list_operations(_: Ask<'_>) -> Answer<'_> {
    Box::pin(async move { Ok(ArmResponse::json(200, known())) })
}

fn bad_filter(bad: &filter::Refused) -> Failure {
    let reason = bad.to_string().trim_end_matches('.').to_owned();
    Failure::Query { name: "$filter", reason }
}

impl From<BadContent> for Failure {
    fn from(bad: BadContent) -> Self {
        Self::Content(bad.to_string())
    }
}

impl Ask<'_> {
    fn generation(&self) -> Generation {
        Generation::of(self.version)
    }

    fn dialect(&self) -> Dialect {
        self.generation().dialect()
    }

    /// The managing tenants that a list is asked for; none named, all.
    fn managing_tenants(&self) -> Result<Option<Vec<TenantId>>, Failure> {
        let Some(text) = self.query.get("$filter").filter(|it| !it.trim().is_empty()) else {
            return Ok(None);
        };
        filter::managing_tenants(text).map(Some).map_err(|bad| bad_filter(&bad))
    }

    /// Where a client polls what it started: always below the subscription.
    fn operation_link(&self, of: &ResourceId, operation: OperationId) -> Result<String, Failure> {
        let subscription = of.scope().subscription().ok_or(Failure::NoSuchPath)?;
        let path = format!(
            "/subscriptions/{subscription}/providers/{NAMESPACE}/operationStatuses/{operation}"
        );
        Ok(self.link(&path))
    }
}

/// The two halves of what an operation shows.
fn halves<T>(shown: Shown<T>) -> (T, delegation::visible::Parties) {
    (shown.it, shown.parties)
}
