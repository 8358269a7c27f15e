//! Publisher accounts, offers that are live, and what customers accepted of them.

use ids::offer::Slot;
use model::{
    delegation::{Assignment, Definition},
    market::{
        MarketNoun,
        acceptance::Acceptance,
        account::{AccountRole, VerificationStage},
        offer::{Audienced, OfferState, Stage},
    },
};

use super::*;

const OFFERED: &str = "tenants:
- name: fabrikam
  domain: fabrikam.example
  users: [{name: ada}]
  groups: [{name: tier1}]
  account:
    company: {legalName: Fabrikam, country: SE}
    partnerId: '6123477'
    verification: {stage: authorized, qualifications: [{designation: Security}]}
    members: [{principal: ada, role: owner}]
    publishers:
    - id: fabrikam
      displayName: Fabrikam
      offers:
      - published: live
        offer:
          offerId: ops
          listing: {title: Ops}
          legal: {termsUrl: 'https://fabrikam.example/terms'}
          plans:
          - planId: watch
            visibility: public
            manifests:
            - {version: 1.0.0, tenantId: fabrikam, authorizations: [{principalId: tier1, role: Reader}]}
            - {version: 1.1.0, tenantId: fabrikam, authorizations: [{principalId: tier1, role: Contributor}]}
          - planId: care
            visibility: private
            privateAudience: [{id: 11111111-1111-4111-8111-111111111111}]
            manifests:
            - {version: 1.0.0, tenantId: fabrikam, authorizations: [{principalId: tier1, role: Reader}]}
- name: contoso
  domain: contoso.example
  users: [{name: olof}]
  subscriptions:
  - name: prod
    id: 11111111-1111-4111-8111-111111111111
    resourceGroups: [{name: app, location: x}]
  - {name: test, id: 22222222-2222-4222-8222-222222222222}
  acceptances:
  - {plan: fabrikam.ops.watch.1.0.0, subscription: prod, by: olof, scopes: [prod/app, test], declined: 1.1.0}
  - {plan: fabrikam.ops.care.1.0.0, subscription: prod, by: olof}
";

fn market() -> Vec<MarketNoun> {
    let of = |noun: Noun| if let Noun::Market(it) = noun { Some(it) } else { None };
    declared(OFFERED).nouns.into_iter().filter_map(of).collect()
}

fn some<T>(found: impl Fn(MarketNoun) -> Option<T>) -> Vec<T> {
    market().into_iter().filter_map(found).collect()
}

fn acceptances() -> Vec<Acceptance> {
    some(|it| if let MarketNoun::Acceptance(it) = it { Some(it) } else { None })
}

fn delegations() -> (Vec<Definition>, Vec<Assignment>) {
    let (mut definitions, mut assignments) = (Vec::new(), Vec::new());
    for noun in declared(OFFERED).nouns {
        if let Noun::Definition(it) = noun {
            definitions.push(it);
        } else if let Noun::Assignment(it) = noun {
            assignments.push(it);
        }
    }
    (definitions, assignments)
}

#[test]
fn an_account_has_its_people_its_verification_and_its_agreements() {
    let [account] = &some(|it| if let MarketNoun::Account(it) = it { Some(it) } else { None })[..]
    else {
        panic!("one account");
    };
    assert_eq!(account.company.legal_name, "Fabrikam");
    let [verified] =
        &some(|it| if let MarketNoun::Verification(it) = it { Some(it) } else { None })[..]
    else {
        panic!("one verification");
    };
    assert_eq!(verified.stage, VerificationStage::Authorized);
    let [owner] =
        some(|it| if let MarketNoun::AccountMember(it) = it { Some(it) } else { None })[..]
    else {
        panic!("one member");
    };
    assert_eq!(owner.role, AccountRole::Owner);
    assert!(account.agreements.len() == 2 && account.agreements[0].by == owner.principal);
}

#[test]
fn what_is_live_has_an_edition_in_each_slot_and_all_its_manifests_and_names_nobody_in_them() {
    let [offer] = &some(|it| if let MarketNoun::Offer(it) = it { Some(it) } else { None })[..]
    else {
        panic!("one offer");
    };
    assert_eq!((offer.state, offer.form.plans[1].audience.len()), (OfferState::Live, 1));
    let editions = some(|it| if let MarketNoun::Edition(it) = it { Some(it) } else { None });
    let stages: Vec<Stage> = editions.iter().map(|it| it.stage).collect();
    assert_eq!(stages, Slot::ALL.map(Stage::Published));
    assert!(editions.iter().all(|it| it.form.plans[1].audience.is_empty()));
    let audiences = some(|it| if let MarketNoun::Audience(it) = it { Some(it) } else { None });
    let private = |it: &&model::market::offer::Audience| {
        matches!(&it.of, Audienced::Plan(_, Stage::Published(Slot::Live)))
    };
    assert_eq!(audiences.iter().find(private).unwrap().entries.len(), 1);
    let manifests = some(|it| if let MarketNoun::PlanManifest(it) = it { Some(it) } else { None });
    let told: Vec<String> =
        manifests.iter().map(|it| format!("{} {}", it.plan.name, it.version)).collect();
    assert_eq!(told, ["watch 1.0.0", "watch 1.1.0", "care 1.0.0"]);
}

#[test]
fn an_acceptance_pins_one_version_for_every_scope_and_counts_for_the_partner() {
    let [watch, care] = &acceptances()[..] else { panic!("two acceptances") };
    assert_eq!(watch.version.unwrap().to_string(), "1.0.0");
    assert_eq!(watch.declined.unwrap().to_string(), "1.1.0");
    assert!(care.terms.is_standing && care.terms.name == "olof");
    let (definitions, assignments) = delegations();
    let told: Vec<String> = definitions
        .iter()
        .map(|it| format!("{} {}", it.id.scope(), it.accepted.as_ref().unwrap().plan))
        .collect();
    let (prod, test) =
        ("11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222");
    let expected = [
        format!("/subscriptions/{prod} fabrikam.ops.watch.1.0.0"),
        format!("/subscriptions/{test} fabrikam.ops.watch.1.0.0"),
        format!("/subscriptions/{prod} fabrikam.ops.care.1.0.0"),
    ];
    assert_eq!(told, expected);
    assert!(definitions.iter().all(|it| it.authorizations[0].role.to_string() == READER));
    assert_eq!(assignments.len(), 2, "the private plan is accepted and not delegated");
    assert!(assignments.iter().all(|it| it.partner.unwrap().to_string() == "6123477"));
}

#[test]
fn nobody_accepts_what_is_not_live_for_the_subscription_and_hears_no_more_of_it() {
    let with = |from: &str, to: &str| {
        assert!(OFFERED.contains(from), "{from}");
        OFFERED.replacen(from, to, 1)
    };
    let line = OFFERED.lines().position(|it| it.contains("fabrikam.ops.watch.1.0.0")).unwrap() + 1;
    let refused =
        |plan: &str| format!(":12: `{plan}` is not live for that subscription in this world\n");
    let care = with(
        "- {plan: fabrikam.ops.care.1.0.0, subscription: prod",
        "- {plan: fabrikam.ops.care.1.0.0, subscription: test",
    );
    check(&care, &format!("{}{}", line + 1, refused("fabrikam.ops.care.1.0.0")));
    for other in [
        "fabrikam.ops.watch.1.2.0",
        "fabrikam.ops.gold.1.0.0",
        "fabrikam.gone.watch.1.0.0",
        "fabrikam.ops-preview.watch.1.0.0",
    ] {
        let text = with("fabrikam.ops.watch.1.0.0", other);
        check(&text, &format!("{line}{}", refused(other)));
    }
    let draft = with("published: live", "published: draft");
    let both = ["fabrikam.ops.watch.1.0.0", "fabrikam.ops.care.1.0.0"];
    let told = both.iter().zip(line..).map(|(plan, at)| format!("{at}{}", refused(plan)));
    check(&draft, &told.collect::<Vec<_>>().concat());
}

#[test]
fn what_cannot_be_published_or_accepted_is_told_where_it_stands() {
    let at = |text: &str, word: &str| {
        let line = text.lines().position(|it| it.contains(word)).unwrap();
        format!("{}:{}", line + 1, text.lines().nth(line).unwrap().find(word).unwrap() + 1)
    };
    let is = |from: &str, to: &str, word: &str, message: &str| {
        let text = OFFERED.replacen(from, to, 1);
        check(&text, &format!("{}: {message}\n", at(&text, word)));
    };
    let advice = "; it reads publisher.offer.plan.version";
    is(
        "fabrikam.ops.watch.1.0.0",
        "fabrikam.ops.watch",
        "fabrikam.ops.watch,",
        &format!("a version of a plan is accepted{advice}"),
    );
    is(
        "fabrikam.ops.watch.1.0.0",
        "Watch",
        "Watch, sub",
        &format!("`Watch` names no version of a plan{advice}"),
    );
    is(
        "fabrikam.ops.care.1.0.0, sub",
        "fabrikam.ops.watch.1.1.0, sub",
        "fabrikam.ops.watch.1.1.0, sub",
        "the acceptance `fabrikam.ops.watch` is declared twice",
    );
    is("role: owner", "role: boss", "boss", "`role` is owner or manager or developer, not `boss`");
    is(
        "{designation: Security}",
        "{designation: Security, level: gold}",
        "{designation: Security, level",
        "it is a `competency` with its `level`, a `program` or a `designation`",
    );
    is(
        "version: 1.1.0, tenantId: fabrikam",
        "version: 1.1.0, tenantId: nobody",
        "nobody",
        "`nobody` is no tenant of this world",
    );
    is(
        "version: 1.1.0,",
        "version: 1.0.0,",
        "published: live",
        "plan `watch` has two manifests 1.0.0",
    );
    is(
        "listing: {title: Ops}",
        "listing: {logos: {large: ../logo.png}}",
        "../logo.png",
        "`../logo.png`: an offer in a world has no files beside it; a picture may be a `data:` URL",
    );
    is(
        "listing: {title: Ops}",
        "listing: {logos: {large: 'data:image/png;base64,x'}}",
        "'data:",
        "the `data:` URL is no base64",
    );
}

#[test]
fn without_a_partner_id_nothing_is_live() {
    let text = OFFERED.replacen("    partnerId: '6123477'\n", "", 1);
    let told = parse(&text).map_or_else(|faults| shown(&faults), |_| String::new());
    assert!(
        told.contains("`fabrikam.ops` cannot be live: the account has no `partnerId`"),
        "{told}"
    );
}

#[test]
fn the_sample_world_has_a_live_offer_of_two_plans_and_versions_with_a_customer_on_each() {
    let world = declared(include_str!("../../../../fyr/worlds/sample.yaml"));
    let mut told = Vec::new();
    for noun in &world.nouns {
        if let Noun::Market(MarketNoun::Acceptance(it)) = noun {
            told.push(format!("{} {}", it.plan, it.version.unwrap()));
        } else if let Noun::Market(MarketNoun::PlanManifest(it)) = noun {
            told.push(format!("{} offers {}", it.plan, it.version));
        }
    }
    let (watch, care) = ("fabrikam.harbour-watch.watch", "fabrikam.harbour-watch.care-tailspin");
    let expected = [
        format!("{watch} offers 1.0.0"),
        format!("{watch} offers 1.1.0"),
        format!("{care} offers 1.0.0"),
        format!("{care} offers 1.1.0"),
        format!("{watch} 1.0.0"),
        format!("{care} 1.1.0"),
    ];
    assert_eq!(told, expected);
    let media = |it: &&Noun| matches!(it, Noun::Market(MarketNoun::Media(_)));
    assert_eq!(world.nouns.iter().filter(media).count(), 1);
}
