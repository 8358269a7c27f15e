//! `$filter` on the lists: whose items, as seen by whom.

use ids::guid::ObjectId;

use crate::odata::{self, BadFilter, Filter};

/// Why a filter is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error(transparent)]
    Filter(#[from] BadFilter),
    #[error(
        "The filter '{0}' is not supported. Supported filters are atScope(), asTarget(), asRequestor(), asApprover(), principalId eq '<id>' and assignedTo('<id>')."
    )]
    Unsupported(String),
    #[error("The id '{0}' of the filter must be a valid Guid.")]
    Id(String),
}

/// Whose items are asked for: all that is said holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a function of the filter's own")]
pub struct Wanted {
    /// At that scope or around it, and not below.
    pub at_scope: bool,
    /// The caller's own.
    pub as_target: bool,
    /// What the caller asked for.
    pub as_requestor: bool,
    /// What the caller may decide about.
    pub as_approver: bool,
    /// Of that principal.
    pub principal: Option<ObjectId>,
    /// Of that principal, or a group of theirs.
    pub assigned_to: Option<ObjectId>,
}

/// What a filter asks for.
pub fn read(text: &str) -> Result<Wanted, Refused> {
    let mut wanted = Wanted::default();
    add(&odata::parse(text)?, &mut wanted)?;
    Ok(wanted)
}

fn add(filter: &Filter, wanted: &mut Wanted) -> Result<(), Refused> {
    match filter {
        Filter::And(all) => all.iter().try_for_each(|it| add(it, wanted)),
        Filter::Compare(it) => {
            let text = it.equal("principalId").ok_or_else(|| unsupported(&it.field))?;
            once(&mut wanted.principal, text)
        }
        Filter::Call(call) => {
            let slot = match (call.arguments.as_slice(), call.only()) {
                ([], _) if call.is("atScope") => &mut wanted.at_scope,
                ([], _) if call.is("asTarget") => &mut wanted.as_target,
                ([], _) if call.is("asRequestor") => &mut wanted.as_requestor,
                ([], _) if call.is("asApprover") => &mut wanted.as_approver,
                (_, Some(text)) if call.is("assignedTo") => {
                    return once(&mut wanted.assigned_to, text);
                }
                _ => return Err(unsupported(&call.name)),
            };
            *slot = true;
            Ok(())
        }
        Filter::Or(_) => Err(unsupported("or")),
        Filter::Not(_) => Err(unsupported("not")),
        Filter::OneOf { field, .. } | Filter::Any { field, .. } => Err(unsupported(field)),
    }
}

/// Two different principals are nobody's.
fn once(slot: &mut Option<ObjectId>, text: &str) -> Result<(), Refused> {
    let id = text.parse().map_err(|_| Refused::Id(text.chars().take(80).collect()))?;
    match slot.replace(id) {
        Some(other) if other != id => Err(unsupported("and")),
        Some(_) | None => Ok(()),
    }
}

fn unsupported(text: &str) -> Refused {
    Refused::Unsupported(text.chars().take(80).collect())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const A: ObjectId = ObjectId::new(Uuid::from_u128(0xA));

    #[test]
    fn a_list_is_narrowed_by_what_clients_say() {
        let none = Wanted::default();
        for (text, expected) in [
            ("atScope()".to_owned(), Wanted { at_scope: true, ..none }),
            ("asTarget()".to_owned(), Wanted { as_target: true, ..none }),
            ("ASREQUESTOR()".to_owned(), Wanted { as_requestor: true, ..none }),
            ("asApprover()".to_owned(), Wanted { as_approver: true, ..none }),
            (format!("principalId eq '{A}'"), Wanted { principal: Some(A), ..none }),
            (format!("principalId eq {A}"), Wanted { principal: Some(A), ..none }),
            (format!("assignedTo('{A}')"), Wanted { assigned_to: Some(A), ..none }),
            (
                format!("atScope() and principalId eq '{A}'"),
                Wanted { at_scope: true, principal: Some(A), ..none },
            ),
        ] {
            assert_eq!(read(&text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn another_filter_is_refused_rather_than_passed_over() {
        let other = ObjectId::new(Uuid::from_u128(0xB));
        for text in [
            "status eq 'Provisioned'".to_owned(),
            format!("principalId ne '{A}'"),
            format!("principalId eq '{A}' or principalId eq '{other}'"),
            format!("principalId eq '{A}' and principalId eq '{other}'"),
            "not asTarget()".to_owned(),
            "asTarget('x')".to_owned(),
            "asOwner()".to_owned(),
            "assignedTo()".to_owned(),
        ] {
            assert!(matches!(read(&text), Err(Refused::Unsupported(_))), "{text}");
        }
        assert_eq!(read("assignedTo('me')"), Err(Refused::Id("me".to_owned())));
        assert!(matches!(read("atScope("), Err(Refused::Filter(_))));
    }
}
