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
pub(crate) mod refusals;

const DEFINITIONS: &str = DefinitionId::KIND;
const ASSIGNMENTS: &str = AssignmentId::KIND;
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
];

/// The provider's namespace, as it spells itself.
const NAMESPACE: &str = "Microsoft.ManagedServices";
/// Seconds until a client should poll. Clients take 0 for 30.
const RETRY_AFTER: &str = "1";

/// `GET …/providers/Microsoft.ManagedServices/operations`, at the tenant or at any scope.
pub(crate) fn list_operations(_: Ask<'_>) -> Answer<'_> {
    Box::pin(async move { Ok(ArmResponse::json(200, known())) })
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
        let refused = |bad: filter::Refused| Failure::Query {
            name: "$filter",
            reason: bad.to_string().trim_end_matches('.').to_owned(),
        };
        filter::managing_tenants(text).map(Some).map_err(refused)
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
