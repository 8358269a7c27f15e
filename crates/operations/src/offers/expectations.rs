//! What a publisher expects of an offer, tried with what its manifests give.

use std::collections::BTreeMap;

use document::fault::did_you_mean;
use ids::{offer::PlanName, scope::BadId};
use market::rights::Effective;
use model::market::form::{Expectation, Expected, Form};

use super::effective::effective;

/// How many unknown operations are compared with all that there are, for advice.
const ADVISED_MAX: usize = 5;
/// No operation has a longer name.
const NAME_BYTES_MAX: usize = 256;

/// An expectation that is not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// Its place in the form.
    pub nth: usize,
    pub reason: String,
}

/// Every expectation of the form that does not hold: that the plans do not meet, and that names an
/// operation which nobody knows, where a slip of the pen would be denied for ever.
pub fn failed(form: &Form, known: &[String]) -> Result<Vec<Unmet>, BadId> {
    let found = unmet(form)?.into_iter().map(|it| (it.nth, it.reason));
    let mut reasons: BTreeMap<usize, String> = found.collect();
    let is_known = |when: &str| known.iter().any(|name| name.eq_ignore_ascii_case(when));
    let unknown = form.tests.iter().enumerate().filter(|(_, it)| !is_known(&it.when));
    for (count, (nth, it)) in unknown.enumerate() {
        reasons.insert(nth, strange(&it.when, if count < ADVISED_MAX { known } else { &[] }));
    }
    Ok(reasons.into_iter().map(|(nth, reason)| Unmet { nth, reason }).collect())
}

/// What to say of an operation that nobody knows, and which of the known ones may be meant.
fn strange(when: &str, known: &[String]) -> String {
    if when.len() > NAME_BYTES_MAX {
        return format!("no operation has a name of {} bytes", when.len());
    }
    let near = did_you_mean(when, known.iter().map(String::as_str));
    let advice = near.map(|it| format!("; {it}")).unwrap_or_default();
    format!("no operation is called `{when}`{advice}")
}

/// Every expectation of the form that its plans do not meet in the version that they offer. What
/// has to be activated first is not allowed.
fn unmet(form: &Form) -> Result<Vec<Unmet>, BadId> {
    let mut given: BTreeMap<&PlanName, Option<Effective<'_>>> = BTreeMap::new();
    for plan in &form.plans {
        let of_plan = form.tests.iter().filter(|it| it.plan == plan.name);
        let operations: Vec<&str> = of_plan.map(|it| it.when.as_str()).collect();
        let newest = plan.newest().filter(|_| !operations.is_empty());
        let gives = newest.map(|it| effective(&it.manifest, &operations)).transpose()?;
        given.insert(&plan.name, gives);
    }
    let tried = form.tests.iter().enumerate().filter_map(|(nth, it)| {
        let reason = against(it, given.get(&it.plan).and_then(Option::as_ref))?;
        Some(Unmet { nth, reason })
    });
    Ok(tried.collect())
}

/// Why it is not met, if it is not.
fn against(it: &Expectation, gives: Option<&Effective<'_>>) -> Option<String> {
    let Expectation { plan, given, when, expect } = it;
    let Some(gives) = gives else {
        return Some(format!("there is no plan `{plan}` to try it with"));
    };
    let Some(held) = gives.held.get(given) else {
        return Some(format!("{given} is no principal of plan `{plan}`"));
    };
    let is_allowed = held.always.operations.contains(when.as_str());
    match (expect, is_allowed) {
        (Expected::Allow, true) | (Expected::Deny, false) => None,
        (Expected::Allow, false) => Some(format!("{given} may not `{when}` by plan `{plan}`")),
        (Expected::Deny, true) => Some(format!("{given} may `{when}` by plan `{plan}`")),
    }
}

#[cfg(test)]
mod tests {
    use model::samples::{CONTRIBUTOR, TIER1, authorization, market, object};

    use super::*;

    #[test]
    fn what_is_expected_of_a_plan_is_tried_with_what_it_gives() {
        const WRITE: &str = "Microsoft.Storage/storageAccounts/write";
        const GRANT: &str = "Microsoft.Authorization/roleAssignments/write";
        let mut form = market::form();
        form.plans[0].manifests[0].manifest.authorizations =
            vec![authorization(TIER1, CONTRIBUTOR)];
        let expect = |given, when: &str, expect| Expectation {
            plan: market::plan_name(),
            given,
            when: when.to_owned(),
            expect,
        };
        let elsewhere = Expectation {
            plan: "gold".parse().unwrap(),
            ..expect(TIER1.object, WRITE, Expected::Allow)
        };
        form.tests = vec![
            expect(TIER1.object, WRITE, Expected::Allow),
            expect(TIER1.object, GRANT, Expected::Deny),
            expect(TIER1.object, WRITE, Expected::Deny),
            expect(TIER1.object, GRANT, Expected::Allow),
            expect(object(0xBAD), WRITE, Expected::Deny),
            elsewhere,
        ];
        let unmet = unmet(&form).unwrap();
        assert_eq!(unmet.iter().map(|it| it.nth).collect::<Vec<_>>(), [2, 3, 4, 5]);
        assert!(unmet[1].reason.contains("may not `Microsoft.Authorization"), "{unmet:?}");
        let known = [WRITE.to_owned(), GRANT.to_owned()];
        form.tests = vec![
            expect(TIER1.object, "microsoft.storage/STORAGEACCOUNTS/write", Expected::Allow),
            expect(TIER1.object, "Microsoft.Storage/storageAccounts/wirte", Expected::Deny),
        ];
        let failed = failed(&form, &known).unwrap();
        let [Unmet { nth: 1, reason }] = failed.as_slice() else { panic!("{failed:?}") };
        assert!(reason.starts_with("no operation is called `Microsoft.Storage/"), "{reason}");
        assert!(reason.contains(WRITE), "{reason}");
    }
}
