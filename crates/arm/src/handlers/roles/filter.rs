//! `$filter` of lists of what hangs on scopes (ARM contract, §3.1, §3.4): a few functions and
//! comparisons, joined by `and`.

use ids::guid::ObjectId;
use operations::{
    around::Reach,
    roles::{
        definitions::{self, Kind},
        denials,
        read::{Filter, Whose},
    },
};
use wire::odata::{self, Call, Comparison, Filter as Clause};

use crate::{failure::Failure, route::Ask};

/// Which role assignments a request asks for.
pub(crate) fn assignments(ask: &Ask<'_>) -> Result<Filter, Failure> {
    read_assignments(&clauses(ask)?).map_err(bad)
}

/// Which role definitions a request asks for.
pub(crate) fn definitions(ask: &Ask<'_>) -> Result<definitions::Filter, Failure> {
    read_definitions(&clauses(ask)?).map_err(bad)
}

/// Which deny assignments a request asks for.
pub(crate) fn denials(ask: &Ask<'_>) -> Result<denials::Filter, Failure> {
    read_denials(&clauses(ask)?).map_err(bad)
}

/// How far a list looks for which `atScope()` is all that can be said.
pub(crate) fn reach(ask: &Ask<'_>) -> Result<Reach, Failure> {
    read_reach(&clauses(ask)?).map_err(bad)
}

/// What must hold together; nothing where the filter is absent or empty.
pub(crate) fn clauses(ask: &Ask<'_>) -> Result<Vec<Clause>, Failure> {
    let Some(text) = ask.query.get("$filter").filter(|it| !it.trim().is_empty()) else {
        return Ok(Vec::new());
    };
    let filter = odata::parse(text).map_err(|refused| bad(refused.to_string()))?;
    Ok(filter.conjuncts().to_vec())
}

/// A filter that is not understood.
pub(crate) fn bad(mut reason: String) -> Failure {
    reason.truncate(reason.trim_end_matches('.').len());
    Failure::Query { name: "$filter", reason }
}

/// What none of a list's filters says.
pub(crate) fn unknown() -> String {
    "this list does not know that comparison or function".to_owned()
}

fn read_reach(clauses: &[Clause]) -> Result<Reach, String> {
    clauses.iter().try_fold(Reach::Everywhere, |_, clause| match call(clause) {
        Some(call) if at_scope(call) => Ok(Reach::AtAndAbove),
        Some(_) | None => Err(unknown()),
    })
}

fn call(clause: &Clause) -> Option<&Call> {
    if let Clause::Call(call) = clause { Some(call) } else { None }
}

fn comparison(clause: &Clause) -> Option<&Comparison> {
    if let Clause::Compare(it) = clause { Some(it) } else { None }
}

fn at_scope(call: &Call) -> bool {
    call.is("atScope") && call.arguments.is_empty()
}

fn read_assignments(clauses: &[Clause]) -> Result<Filter, String> {
    let mut filter = Filter { reach: Reach::Everywhere, whose: Whose::Everyones };
    for clause in clauses {
        match call(clause) {
            Some(call) if at_scope(call) => filter.reach = Reach::AtAndAbove,
            Some(call) if call.is("assignedTo") => {
                filter.whose = Whose::Reaching(object(call.only())?);
            }
            Some(_) => return Err(unknown()),
            None => {
                let named = comparison(clause).and_then(|it| it.equal("principalId"));
                filter.whose = Whose::Naming(object(named)?);
            }
        }
    }
    Ok(filter)
}

fn read_denials(clauses: &[Clause]) -> Result<denials::Filter, String> {
    let (reach, whose) = (Reach::Everywhere, denials::decide::Whose::Everyones);
    let mut filter = denials::Filter { reach, name: None, whose };
    for clause in clauses {
        match call(clause) {
            Some(call) if at_scope(call) => filter.reach = Reach::AtAndAbove,
            Some(call) if call.is("assignedTo") => {
                filter.whose = denials::decide::Whose::Reaching(object(call.only())?);
            }
            Some(_) => return Err(unknown()),
            None => compare_denial(comparison(clause).ok_or_else(unknown)?, &mut filter)?,
        }
    }
    Ok(filter)
}

fn compare_denial(it: &Comparison, filter: &mut denials::Filter) -> Result<(), String> {
    if let Some(name) = it.equal("denyAssignmentName") {
        filter.name = Some(name.to_owned());
    } else if let Some(who) = it.equal("gdprExportPrincipalId") {
        filter.whose = denials::decide::Whose::Mentioning(object(Some(who))?);
    } else {
        filter.whose = denials::decide::Whose::Naming(object(it.equal("principalId"))?);
    }
    Ok(())
}

fn object(text: Option<&str>) -> Result<ObjectId, String> {
    let text = text.ok_or_else(unknown)?;
    text.parse().map_err(|bad: ids::guid::NotAGuid| bad.to_string())
}

fn read_definitions(clauses: &[Clause]) -> Result<definitions::Filter, String> {
    let mut filter = definitions::Filter::default();
    for clause in clauses {
        match call(clause) {
            Some(call) if call.is("atScopeAndBelow") => filter.below = true,
            Some(call) if at_scope(call) => filter.below = false,
            Some(_) => return Err(unknown()),
            None => compare(comparison(clause).ok_or_else(unknown)?, &mut filter)?,
        }
    }
    Ok(filter)
}

fn compare(it: &Comparison, filter: &mut definitions::Filter) -> Result<(), String> {
    if let Some(name) = it.equal("roleName") {
        filter.name = Some(name.to_owned());
        return Ok(());
    }
    let kind = it.equal("type").ok_or_else(unknown)?;
    filter.kind = Some(match kind {
        _ if kind.eq_ignore_ascii_case("BuiltInRole") => Kind::BuiltIn,
        _ if kind.eq_ignore_ascii_case("CustomRole") => Kind::Custom,
        _ => return Err("a role's type is `BuiltInRole` or `CustomRole`".to_owned()),
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const WHO: ObjectId = ObjectId::new(Uuid::from_u128(7));

    fn parsed(text: &str) -> Vec<Clause> {
        odata::parse(text).unwrap().conjuncts().to_vec()
    }

    #[test]
    fn role_assignments_are_filtered_as_clients_ask() {
        let (up, all) = (Reach::AtAndAbove, Reach::Everywhere);
        let cases = [
            ("atScope()".to_owned(), up, Whose::Everyones),
            (format!("principalId eq '{WHO}'"), all, Whose::Naming(WHO)),
            (format!("principalId eq {WHO}"), all, Whose::Naming(WHO)),
            (format!("assignedTo('{WHO}')"), all, Whose::Reaching(WHO)),
            (format!("atScope() and assignedTo('{WHO}')"), up, Whose::Reaching(WHO)),
            (format!("AtScope() and ASSIGNEDTO('{WHO}')"), up, Whose::Reaching(WHO)),
        ];
        for (text, reach, whose) in cases {
            assert_eq!(read_assignments(&parsed(&text)), Ok(Filter { reach, whose }), "{text}");
        }
        for bad in
            ["principalId ne 'x'", "assignedTo('x')", "roleName eq 'x'", "atScope() or atScope()"]
        {
            assert!(read_assignments(&parsed(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn deny_assignments_are_filtered_as_clients_ask() {
        use operations::roles::denials::{Filter, decide::Whose};
        let all = Filter { reach: Reach::Everywhere, name: None, whose: Whose::Everyones };
        let whose = |whose| Filter { whose, ..all.clone() };
        let cases = [
            ("atScope()".to_owned(), Filter { reach: Reach::AtAndAbove, ..all.clone() }),
            (
                "denyAssignmentName eq 'kept'".to_owned(),
                Filter { name: Some("kept".to_owned()), ..all.clone() },
            ),
            (format!("principalId eq '{WHO}'"), whose(Whose::Naming(WHO))),
            (format!("assignedTo('{WHO}')"), whose(Whose::Reaching(WHO))),
            (format!("gdprExportPrincipalId eq '{WHO}'"), whose(Whose::Mentioning(WHO))),
        ];
        for (text, expected) in cases {
            assert_eq!(read_denials(&parsed(&text)), Ok(expected), "{text}");
        }
        assert!(read_denials(&parsed("scope eq 'x'")).is_err());
    }

    #[test]
    fn role_definitions_are_filtered_as_clients_ask() {
        let named = |name: &str| definitions::Filter {
            name: Some(name.to_owned()),
            ..definitions::Filter::default()
        };
        assert_eq!(read_definitions(&parsed("roleName eq 'Reader'")), Ok(named("Reader")));
        let custom = definitions::Filter {
            kind: Some(Kind::Custom),
            below: true,
            ..definitions::Filter::default()
        };
        let text = "atScopeAndBelow() and type eq 'customrole'";
        assert_eq!(read_definitions(&parsed(text)), Ok(custom));
        assert!(read_definitions(&parsed("type eq 'Other'")).is_err());
    }

    #[test]
    fn a_plain_list_looks_up_and_down_unless_told_otherwise() {
        assert_eq!(read_reach(&[]), Ok(Reach::Everywhere));
        assert_eq!(read_reach(&parsed("atScope()")), Ok(Reach::AtAndAbove));
        assert!(read_reach(&parsed("atExactScope()")).is_err());
    }
}
