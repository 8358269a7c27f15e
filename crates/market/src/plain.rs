//! What a manifest gives in plain words, for people who have not seen an operation's name.

use std::collections::BTreeSet;

use model::{
    delegation::{EligibleAuthorization, Hurdle, MultiFactor},
    market::manifest::Manifest,
};

use crate::rights::Rights;

/// So many services are named one by one.
const NAMED_MAX: usize = 4;
/// How an operation's name ends, and what it is in plain words.
const KINDS: [(&str, &str); 4] = [
    ("/read", "See"),
    ("/write", "Create and change"),
    ("/delete", "Delete"),
    ("/action", "Run actions of"),
];

/// What rights come to, of all operations that are known: a sentence for each kind of operation.
pub fn sentences(rights: &Rights<'_>, known: &[&str]) -> Vec<String> {
    let mut words = Vec::new();
    for (end, verb) in KINDS {
        let is = |it: &&&str| it.to_ascii_lowercase().ends_with(end);
        let given: Vec<&str> = rights.operations.iter().filter(is).copied().collect();
        let all = known.iter().filter(is).count();
        if !given.is_empty() {
            words.push(format!("{verb} {}", extent(&given, all)));
        }
    }
    if rights.leaves {
        words.push("End the delegation".to_owned());
    }
    words
}

/// What has to happen before an eligible authorization holds, and for how long it then does.
pub fn activation(it: &EligibleAuthorization, manifest: &Manifest) -> String {
    let hurdle = Hurdle::of(it);
    let factor = match hurdle.multi_factor {
        MultiFactor::Azure => "with a second factor",
        MultiFactor::None => "without a second factor",
    };
    let all = it.policy.iter().flat_map(|it| &it.approvers);
    let named = all.map(|it| {
        let typed = it.display_name.as_deref().or_else(|| manifest.name_of(it.principal));
        let typed = typed.filter(|name| !name.trim().is_empty());
        typed.map_or_else(|| it.principal.to_string(), str::to_owned)
    });
    let named: Vec<String> = named.collect();
    let approval = if named.is_empty() {
        "without approval".to_owned()
    } else {
        format!("approved by {}", named.join(" or "))
    };
    let minutes = match hurdle.minutes_max {
        1 => "1 minute".to_owned(),
        count => format!("{count} minutes"),
    };
    format!("When activated: at most {minutes}, {factor}, {approval}")
}

/// How much of all there is these operations are.
fn extent(given: &[&str], all: usize) -> String {
    if given.len() >= all {
        return "everything".to_owned();
    }
    if given.len().saturating_mul(10) >= all.saturating_mul(9) {
        return "nearly everything".to_owned();
    }
    let service = |it: &&str| {
        let namespace = it.split('/').next().unwrap_or_default();
        namespace.rsplit('.').next().unwrap_or_default().to_owned()
    };
    let services: BTreeSet<String> = given.iter().map(service).collect();
    let more = services.len().saturating_sub(NAMED_MAX);
    let named: Vec<String> = services.into_iter().take(NAMED_MAX).collect();
    match (named.split_last(), more) {
        (Some((last, [])), 0) => format!("things in {last}"),
        (Some((last, rest)), 0) => format!("things in {} and {last}", rest.join(", ")),
        (_, 1) => format!("things in {} and 1 more service", named.join(", ")),
        (_, more) => format!("things in {} and {more} more services", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use model::{
        delegation::{Approver, JustInTimePolicy},
        samples::{PROVIDER, READER, object},
    };

    use super::*;

    const KNOWN: [&str; 6] = [
        "Microsoft.Storage/storageAccounts/read",
        "Microsoft.Compute/virtualMachines/read",
        "Microsoft.Network/networks/read",
        "Microsoft.Storage/storageAccounts/write",
        "Microsoft.Compute/virtualMachines/write",
        "Microsoft.Storage/storageAccounts/listKeys/action",
    ];

    fn said(operations: &[&'static str], leaves: bool) -> Vec<String> {
        let operations = operations.iter().copied().collect();
        sentences(&Rights { operations, leaves, ..Rights::default() }, &KNOWN)
    }

    #[test]
    fn rights_are_said_in_plain_words() {
        assert_eq!(said(&KNOWN[..3], false), ["See everything"]);
        assert_eq!(said(&KNOWN[..1], false), ["See things in Storage"]);
        assert_eq!(
            said(&KNOWN[..2], true),
            ["See things in Compute and Storage", "End the delegation"]
        );
        assert_eq!(
            said(&KNOWN[3..], false),
            ["Create and change everything", "Run actions of everything"]
        );
        assert!(said(&[], false).is_empty());
    }

    #[test]
    fn many_services_are_counted() {
        let given =
            ["A.One/x/read", "A.Two/x/read", "A.Three/x/read", "A.Four/x/read", "A.Six/x/read"];
        assert_eq!(extent(&given, 100), "things in Four, One, Six, Three and 1 more service");
        assert_eq!(extent(&given, 5), "everything");
        let most: Vec<&str> = given.iter().copied().cycle().take(95).collect();
        assert_eq!(extent(&most, 100), "nearly everything");
    }

    #[test]
    fn what_has_to_happen_before_a_role_holds_is_one_sentence() {
        let approver = |n, name: Option<&str>| Approver {
            principal: object(n),
            display_name: name.map(str::to_owned),
        };
        let eligible = |policy| EligibleAuthorization {
            principal: object(1),
            role: READER,
            display_name: Some("Tier 1".to_owned()),
            policy,
        };
        let plain = eligible(None);
        let strict = eligible(Some(JustInTimePolicy {
            multi_factor: MultiFactor::Azure,
            minutes_max: 1,
            approvers: vec![approver(2, Some("Lead")), approver(1, None), approver(3, Some(" "))],
        }));
        let manifest = Manifest {
            tenant: PROVIDER,
            authorizations: Vec::new(),
            eligible: vec![plain.clone(), strict.clone()],
        };
        assert_eq!(
            activation(&plain, &manifest),
            "When activated: at most 480 minutes, without a second factor, without approval"
        );
        let third = object(3);
        assert_eq!(
            activation(&strict, &manifest),
            format!(
                "When activated: at most 1 minute, with a second factor, approved by Lead or Tier 1 or {third}"
            )
        );
    }
}
