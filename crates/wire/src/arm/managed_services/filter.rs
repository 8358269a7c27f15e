//! `$filter` on lists of definitions and assignments: by managing tenant.

use ids::guid::TenantId;

use crate::odata::{self, BadFilter, Comparison, Filter, Operator};

/// Why a filter is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error(transparent)]
    Filter(#[from] BadFilter),
    #[error(
        "The filter is not supported. Use managedByTenantId eq '<tenant>' or managedByTenantId in ('<tenant>', …)."
    )]
    Unsupported,
    #[error(
        "The filter is not supported. Use planIdentifier eq '<publisher>.<offer>.<plan>.<version>'."
    )]
    NoPlan,
    #[error("The managedByTenantId '{0}' of the filter must be a valid Guid.")]
    Tenant(String),
}

/// The managing tenants that are asked for. Azure's own example repeats `$filter=` in the value.
pub fn managing_tenants(text: &str) -> Result<Vec<TenantId>, Refused> {
    tenants(&odata::parse(bare(text))?)
}

/// The filter without the name that some clients repeat before it.
fn bare(text: &str) -> &str {
    let text = text.trim();
    match text.split_at_checked("$filter=".len()) {
        Some((name, rest)) if name.eq_ignore_ascii_case("$filter=") => rest,
        _ => text,
    }
}

/// The published plan that a list of marketplace definitions is asked for:
/// `publisher.offer.plan.version`.
pub fn plan(text: &str) -> Result<String, Refused> {
    match odata::parse(bare(text))? {
        Filter::Compare(it) => {
            let identifier = it.equal("planIdentifier").map(str::to_owned);
            identifier.ok_or(Refused::NoPlan)
        }
        Filter::And(_)
        | Filter::Or(_)
        | Filter::Not(_)
        | Filter::OneOf { .. }
        | Filter::Call(_)
        | Filter::Any { .. } => Err(Refused::NoPlan),
    }
}

fn tenants(filter: &Filter) -> Result<Vec<TenantId>, Refused> {
    match filter {
        Filter::Compare(Comparison { field, operator: Operator::Eq, value }) if managing(field) => {
            Ok(vec![tenant(value.as_str())?])
        }
        Filter::OneOf { field, values } if managing(field) => {
            values.iter().map(|value| tenant(value.as_str())).collect()
        }
        Filter::Or(any) => {
            let each: Vec<Vec<TenantId>> = any.iter().map(tenants).collect::<Result<_, _>>()?;
            Ok(each.concat())
        }
        Filter::And(_)
        | Filter::Not(_)
        | Filter::Compare(_)
        | Filter::OneOf { .. }
        | Filter::Call(_)
        | Filter::Any { .. } => Err(Refused::Unsupported),
    }
}

fn managing(field: &str) -> bool {
    field.eq_ignore_ascii_case("managedByTenantId")
}

fn tenant(text: &str) -> Result<TenantId, Refused> {
    text.parse().map_err(|_| Refused::Tenant(text.chars().take(80).collect()))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const A: TenantId = TenantId::new(Uuid::from_u128(0xA));
    const B: TenantId = TenantId::new(Uuid::from_u128(0xB));

    #[test]
    fn tenants_are_named_one_by_one_or_in_a_list() {
        for text in [
            format!("managedByTenantId eq '{A}'"),
            format!("managedbytenantid EQ {A}"),
            format!("$filter=managedByTenantId eq '{A}'"),
            format!("(managedByTenantId in ('{A}'))"),
        ] {
            assert_eq!(managing_tenants(&text), Ok(vec![A]), "{text}");
        }
        for text in [
            format!("managedByTenantId in ('{A}', '{B}')"),
            format!("managedByTenantId eq '{A}' or managedByTenantId eq '{B}'"),
        ] {
            assert_eq!(managing_tenants(&text), Ok(vec![A, B]), "{text}");
        }
    }

    #[test]
    fn another_filter_is_refused_rather_than_passed_over() {
        for text in [
            "name eq 'a'".to_owned(),
            format!("managedByTenantId ne '{A}'"),
            format!("managedByTenantId eq '{A}' and name eq 'x'"),
            "atScope()".to_owned(),
        ] {
            assert_eq!(managing_tenants(&text), Err(Refused::Unsupported), "{text}");
        }
        let refused = managing_tenants("managedByTenantId eq 'fabrikam'");
        assert_eq!(refused, Err(Refused::Tenant("fabrikam".to_owned())));
        assert!(matches!(managing_tenants("managedByTenantId eq '"), Err(Refused::Filter(_))));
    }

    #[test]
    fn a_plan_is_named_whole() {
        let named = plan("planIdentifier eq 'fabrikam.ops.gold.1.0.0'");
        assert_eq!(named, Ok("fabrikam.ops.gold.1.0.0".to_owned()));
        assert_eq!(plan("planIdentifier ne 'x'"), Err(Refused::NoPlan));
    }
}
