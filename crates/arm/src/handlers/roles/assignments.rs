//! Role assignments.

use ids::resource::RoleAssignmentId;
use operations::roles::{self, PutAssignment, read};
use wire::arm::{
    roles::{AssignmentBody, AssignmentPut, AssignmentPutProperties},
    scopes::ListBody,
};

use super::filter;
use crate::{
    failure::Failure,
    request::ArmResponse,
    route::{Answer, Ask},
};

/// The first api-version that knows whose managed identity a principal is; older ones do not
/// read it (Lighthouse contract, B34).
const IDENTITIES_SINCE: &str = "2019-04-01-preview";

pub(super) fn get(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let found = read::get(ask.plane, &ask.context, id(&ask)?).await?;
        let within = ask.scope().subscription();
        Ok(ArmResponse::json(200, AssignmentBody::new(found, within)))
    })
}

pub(super) fn list(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let (scope, filter) = (ask.scope(), filter::assignments(&ask)?);
        let found = read::list(ask.plane, &ask.context, &scope, &filter).await?;
        let within = scope.subscription();
        let value = found.into_iter().map(|it| AssignmentBody::new(it, within)).collect();
        Ok(ArmResponse::json(200, ListBody::whole(value)))
    })
}

pub(super) fn put(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let AssignmentPut { properties } = ask.json()?;
        let mut request = request(id(&ask)?, properties);
        request.managed_identity_of.take_if(|_| ask.version < IDENTITIES_SINCE);
        let put = roles::put::put(ask.plane, &ask.context, request).await?;
        let (status, within) = (put.status(), ask.scope().subscription());
        Ok(ArmResponse::json(status, AssignmentBody::new(put.into_inner(), within)))
    })
}

pub(super) fn delete(ask: Ask<'_>) -> Answer<'_> {
    Box::pin(async move {
        let gone = roles::delete::delete(ask.plane, &ask.context, id(&ask)?).await?;
        let within = ask.scope().subscription();
        Ok(gone.map_or_else(
            || ArmResponse::empty(204),
            |gone| ArmResponse::json(200, AssignmentBody::new(gone, within)),
        ))
    })
}

fn id(ask: &Ask<'_>) -> Result<RoleAssignmentId, Failure> {
    Ok(ask.resource()?.try_into()?)
}

fn request(id: RoleAssignmentId, properties: AssignmentPutProperties) -> PutAssignment {
    let AssignmentPutProperties {
        role,
        principal_id,
        principal_type,
        description,
        condition,
        condition_version,
        delegated_managed_identity_resource_id,
    } = properties;
    PutAssignment {
        id,
        role,
        principal: principal_id,
        principal_type,
        description,
        condition,
        condition_version,
        managed_identity_of: delegated_managed_identity_resource_id,
    }
}
