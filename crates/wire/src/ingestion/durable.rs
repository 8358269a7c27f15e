//! Durable ids: `type/productGuid[/planGuid...]`, and how resources point at each other.

use std::{fmt, str::FromStr};

use ids::offer::{OfferName, PlanName};
use uuid::Uuid;

use super::Kind;
use crate::arm::content::{BadContent, Field};

/// A durable id: what it is of, and which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Durable {
    pub kind: Kind,
    pub product: Uuid,
    /// What stands behind the product: a plan's GUID, a submission's id, a number.
    pub rest: Option<String>,
}

impl Durable {
    /// Of the whole product.
    pub fn of(kind: Kind, product: Uuid) -> Self {
        Self { kind, product, rest: None }
    }

    /// Of a part of it.
    pub fn part(kind: Kind, product: Uuid, rest: impl fmt::Display) -> Self {
        Self { kind, product, rest: Some(rest.to_string()) }
    }
}

impl fmt::Display for Durable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.as_str(), self.product)?;
        self.rest.as_ref().map_or(Ok(()), |rest| write!(f, "/{rest}"))
    }
}

/// Text that is no durable id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no durable id: it reads type/productGuid, or type/productGuid/planGuid")]
pub struct BadDurable;

impl FromStr for Durable {
    type Err = BadDurable;

    fn from_str(text: &str) -> Result<Self, BadDurable> {
        let mut parts = text.splitn(3, '/');
        let mut next = || parts.next().ok_or(BadDurable);
        let (name, product) = (next()?, next()?);
        let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or(BadDurable)?;
        let product = product.parse().map_err(|_| BadDurable)?;
        Ok(Self { kind, product, rest: parts.next().map(str::to_owned) })
    }
}

/// How a resource points at its product or its plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pointer<N> {
    Durable(Uuid),
    /// By what the publisher calls it.
    External(N),
    /// By the name that another resource of the request gave itself.
    Resource(String),
}

/// Reads `"product/GUID"`, `{"externalId": …}` or `{"resourceName": …}`.
fn pointer<N: FromStr>(
    field: &Field<'_>,
    durable: impl Fn(Durable) -> Option<Uuid>,
) -> Result<Pointer<N>, BadContent> {
    if let Ok(text) = field.text() {
        let found = text.parse().ok().and_then(durable);
        let refused = || field.refused("must be a durable id");
        return found.map(Pointer::Durable).ok_or_else(refused);
    }
    let fields = field.clone().fields()?;
    if let Some(name) = fields.find("resourceName") {
        return Ok(Pointer::Resource(name.text()?.to_owned()));
    }
    let name = fields.get("externalId")?;
    let refused = || name.refused("must be an id of 3 to 50 of a-z, 0-9, - and _");
    name.text()?.parse().map(Pointer::External).map_err(|_| refused())
}

/// A pointer at a product.
pub(super) fn product(field: &Field<'_>) -> Result<Pointer<OfferName>, BadContent> {
    pointer(field, |it| (it.kind == Kind::Product).then_some(it.product))
}

/// A pointer at a plan.
pub(super) fn plan(field: &Field<'_>) -> Result<Pointer<PlanName>, BadContent> {
    pointer(field, |it| {
        let guid = it.rest.as_deref().and_then(|rest| rest.parse().ok());
        guid.filter(|_| it.kind == Kind::Plan)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_durable_id_reads_back_as_it_is_written() {
        let product = Uuid::from_u128(5);
        for it in [
            Durable::of(Kind::Product, product),
            Durable::part(Kind::Plan, product, Uuid::from_u128(6)),
            Durable::part(Kind::Submission, product, "0"),
        ] {
            assert_eq!(it.to_string().parse(), Ok(it));
        }
        for bad in ["", "product", "product/x", "offer/00000000-0000-0000-0000-000000000005"] {
            assert_eq!(bad.parse::<Durable>(), Err(BadDurable), "{bad:?}");
        }
    }
}
