//! *Service providers*: a customer's offers, delegations and updates.

use std::sync::OnceLock;

use identity::password;
use ids::{
    clock::TestRandom,
    guid::Principal,
    resource::{DefinitionId, ResourceId},
    scope::Scope,
};
use model::{
    action::Action,
    change::Noun,
    delegation::{Accepted, Definition},
    directory::{Credential, Holder, Secret, Tenant, User},
    question::Question,
    role::{Permission, RoleDefinition},
    samples::{
        self, ADA, CONTRIBUTOR, CUSTOMER, PROVIDER, READER, SUBSCRIPTION, TIER1, authorization,
        market, resource_group, whole,
    },
};
use operations::groups::put::{PutGroup, put as put_group};
use testkit::shop::{publisher, two_versions};
use uuid::Uuid;

use crate::kit::{Answered, Kit, PASSWORD, kit};

mod elsewhere;
mod ending;
mod updates;

const OLOF: &str = "olof@contoso.example";
const RITA: &str = "rita@contoso.example";
/// Of Contoso's people: reads, and no more.
const READS: Principal = samples::principal(CUSTOMER, 0x21);
/// Of Contoso's people: may do nearly all that an owner may.
const NEARLY: Principal = samples::principal(CUSTOMER, 0x22);
const FORM: &str = "main form[method=post]";

/// Somebody who can sign in, by the password of them all.
fn person(who: Principal, name: &str) -> Vec<Noun> {
    static SECRET: OnceLock<Secret> = OnceLock::new();
    let secret = SECRET.get_or_init(|| password::chosen(PASSWORD, &TestRandom::default()).unwrap());
    let user =
        User { user_principal_name: format!("{name}@contoso.example"), ..samples::user(who, name) };
    let credential = Credential {
        holder: Holder::User(who),
        key: Uuid::from_u128(0xCE),
        display_name: String::new(),
        secret: secret.clone(),
        expires: None,
    };
    vec![Noun::User(user), Noun::Credential(credential)]
}

/// Nils, who may do there whatever is not taken out.
fn nils(at: Scope, taken_out: &str) -> Vec<Noun> {
    let (actions, not_actions) = (vec!["*".to_owned()], vec![taken_out.to_owned()]);
    let role = RoleDefinition {
        permissions: vec![Permission { actions, not_actions, ..Permission::default() }],
        ..samples::custom_role(at.clone())
    };
    let given = samples::role_assignment(at, NEARLY, role.id);
    let own = [Noun::RoleDefinition(role), Noun::RoleAssignment(given)];
    person(NEARLY, "nils").into_iter().chain(own).collect()
}

fn accepted() -> Definition {
    let plan = market::plan_version("1.0.0");
    Definition {
        accepted: Some(Accepted { customer: CUSTOMER, plan }),
        ..samples::definition(SUBSCRIPTION)
    }
}

/// Contoso accepted the first of two versions; nothing is delegated. Olof owns the subscription,
/// Rita reads it.
async fn shop(more: Vec<Noun>) -> Kit {
    let shop = two_versions();
    let nouns = [
        shop.agreed(CUSTOMER, Some("1.0.0")),
        Noun::Definition(accepted()),
        Noun::ResourceGroup(testkit::group("app")),
        Noun::ResourceGroup(testkit::group("web")),
        Noun::RoleAssignment(samples::role_assignment(whole(), READS, READER)),
    ];
    let all = publisher().into_iter().chain(shop.nouns()).chain(person(READS, "rita"));
    kit(all.chain(nouns).chain(more).collect()).await
}

fn offer(rest: &str) -> String {
    let name = samples::definition(SUBSCRIPTION).id.name().to_string();
    format!("/service-providers/offers/{SUBSCRIPTION}/{name}{rest}")
}

fn end(group: &str) -> String {
    let name = samples::assignment(whole()).id.name().to_string();
    format!("/service-providers/delegations/{SUBSCRIPTION}/{name}/end{group}")
}

/// Whether Fabrikam's engineer may do that in the group `app`.
fn ada_may(kit: &Kit, action: &Action) -> bool {
    let question = Question::any(action.clone(), resource_group("app"));
    kit.sign_in.plane().index().check(ADA, &question, samples::now()).is_allowed()
}

async fn stored(kit: &Kit, id: &DefinitionId) -> Option<Definition> {
    kit.sign_in.plane().store.snapshot().await.unwrap().find(id).await.unwrap()
}

#[track_caller]
fn shown(page: &Answered, status: u16, says: &[&str]) {
    assert_eq!(page.status, status, "{}", page.text);
    page.well_made();
    for words in says {
        assert!(page.main().contains(words), "{words}: {}", page.main());
    }
}

#[tokio::test]
async fn who_accepted_an_offer_is_reminded_until_something_is_delegated_under_it() {
    let kit = shop(vec![]).await;
    let olof = kit.signed_in(OLOF).await;
    let offers = olof.open("/service-providers").await;
    shown(&offers, 200, &["You accepted Fabrikam Ops", "Nothing delegated", "1.1.0 waits"]);
    assert_eq!(offers.links(".note a"), [offer("/delegate")]);
    let page = olof.open(&offer("/delegate")).await;
    shown(&page, 200, &["fabrikam is to manage", "app", "web"]);
    let group = resource_group("app").to_string();
    let unsaid = olof.submit(&page, FORM, &[("scope", &group)]).await;
    shown(&unsaid, 400, &["Nothing is delegated without your consent."]);
    assert!(unsaid.text.contains(&format!("value=\"{group}\" checked")), "{}", unsaid.text);
    assert!(!ada_may(&kit, &Action::GROUPS_WRITE));
    let nothing = olof.submit(&page, FORM, &[("consent", "yes")]).await;
    shown(&nothing, 400, &["Choose at least one"]);
    let done = olof.submit(&unsaid, FORM, &[("consent", "yes"), ("scope", &group)]).await;
    shown(&done, 200, &["Delegated under Fabrikam Ops: app", "Contributor", "Reveals secrets"]);
    assert!(ada_may(&kit, &Action::GROUPS_WRITE));
    let offers = olof.open("/service-providers").await;
    shown(&offers, 200, &["1 resource group"]);
    assert!(offers.links(".note a").is_empty(), "{}", offers.main());
    let delegations = olof.open("/service-providers/delegations?by=provider").await;
    shown(&delegations, 200, &["app", "Fabrikam Ops", "1 role assignment"]);
    assert_eq!(delegations.texts("th[scope=rowgroup]"), ["fabrikam"]);
    for nobody in ["/service-providers/delegations?keyword=rival", "/service-providers?offer=rival"]
    {
        let none = olof.open(nobody).await;
        shown(&none, 200, &["here is about that"]);
        assert!(none.texts("tbody tr").is_empty());
    }
}

#[tokio::test]
async fn the_reminder_stands_at_the_beginning_of_the_list_alone() {
    let scope = Scope::Subscription(SUBSCRIPTION);
    let made = |n: u128| {
        let name = Uuid::from_u128(0xE000 + n).to_string().parse().unwrap();
        let id = DefinitionId::at(scope.clone(), name).unwrap();
        Noun::Definition(Definition { id, ..samples::definition(SUBSCRIPTION) })
    };
    let kit = shop((0..60).map(made).collect()).await;
    let olof = kit.signed_in(OLOF).await;
    let first = olof.open("/service-providers").await;
    shown(&first, 200, &["You accepted Fabrikam Ops"]);
    let next = first.links("a[rel=next]");
    let second = olof.open(next.first().expect("there are more than one page shows")).await;
    shown(&second, 200, &["Fabrikam Ops"]);
    assert!(!second.main().contains("You accepted"), "{}", second.main());
}

const TEMPLATE: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-08-01/subscriptionDeploymentTemplate.json#",
  "contentVersion": "1.0.0.0", // as it lies on disk
  "parameters": { "who": { "type": "string" } },
  "resources": [
    { "type": "Microsoft.ManagedServices/registrationDefinitions", "apiVersion": "2022-10-01",
      "name": "[guid('night')]",
      "properties": {
        "registrationDefinitionName": "Night <script>crew</script>",
        "managedByTenantId": "[parameters('who')]",
        "authorizations": [ { "principalId": "00000000-0000-0000-0000-000000000071",
          "roleDefinitionId": "b24988ac-6180-42a0-ab88-20f7382dd24c",
          "principalIdDisplayName": "Tier 1" } ] } },
    { "type": "Microsoft.ManagedServices/registrationAssignments", "apiVersion": "2022-10-01",
      "name": "[guid('night')]",
      "dependsOn": [ "[resourceId('Microsoft.ManagedServices/registrationDefinitions', guid('night'))]" ],
      "properties": { "registrationDefinitionId":
        "[resourceId('Microsoft.ManagedServices/registrationDefinitions', guid('night'))]" } }
  ]
}"#;

#[tokio::test]
async fn a_template_is_deployed_only_after_it_was_shown_what_it_would_do() {
    let kit = shop(vec![]).await;
    let olof = kit.signed_in(OLOF).await;
    let page = olof.open("/service-providers/add").await;
    shown(&page, 200, &["Subscription", "Template"]);
    let (at, who) = (SUBSCRIPTION.to_string(), format!("{{\"who\":{{\"value\":\"{PROVIDER}\"}}}}"));
    let all = [("subscription", at.as_str()), ("template", TEMPLATE), ("parameters", &who)];
    let bad = [all[0], ("template", "{"), all[2]];
    let garbled = olof.submit(&page, FORM, &bad).await;
    shown(&garbled, 400, &["This is no template: unexpected end of the document"]);
    assert!(garbled.text.contains(&PROVIDER.to_string()), "the parameters are still there");
    let missing = olof.submit(&page, FORM, &[all[0], all[1]]).await;
    shown(&missing, 400, &["Nothing was deployed.", "who"]);
    let before = testkit::events(kit.sign_in.plane()).await.len();
    // Nobody skips the review.
    let skipped = olof.submit(&page, FORM, &[all[0], all[1], all[2], ("answer", "create")]).await;
    shown(&skipped, 200, &["Nothing was deployed yet", "Night <script>crew</script>"]);
    let review = olof.submit(&page, FORM, &[all[0], all[1], all[2], ("answer", "review")]).await;
    let says = ["What it would do", "Is added", "Tier 1", "Contributor", "Delegated by it", &at];
    shown(&review, 200, &says);
    let changed = ("template", TEMPLATE.replace("Night", "Day"));
    let changed = [(changed.0, changed.1.as_str()), ("answer", "create")];
    shown(&olof.submit(&review, FORM, &changed).await, 200, &["Nothing was deployed yet"]);
    assert_eq!(testkit::events(kit.sign_in.plane()).await.len(), before, "nothing happened so far");
    assert!(!ada_may(&kit, &Action::GROUPS_READ));
    let began = olof.submit(&review, FORM, &[("answer", "create")]).await;
    shown(&began, 200, &["The template is being deployed.", "Going on"]);
    arm::deployment::drain(kit.sign_in.plane()).await.unwrap();
    let done = olof.open(began.url.split('?').next().unwrap()).await;
    shown(&done, 200, &["Done", "registrationAssignments"]);
    assert!(ada_may(&kit, &Action::GROUPS_WRITE));
    let rita = kit.signed_in(RITA).await;
    let page = rita.open("/service-providers/add").await;
    let refused = rita.submit(&page, FORM, &all).await;
    shown(&refused, 403, &["Nothing was deployed.", "does not have authorization"]);
}

#[tokio::test]
async fn a_template_that_takes_a_plan_is_reviewed_with_what_the_plan_gives() {
    let kit = shop(vec![]).await;
    let olof = kit.signed_in(OLOF).await;
    let page = olof.open("/service-providers/add").await;
    let plan = market::plan_id();
    let of = |version: &str| {
        format!(
            r#"{{ "$schema": "https://schema.management.azure.com/schemas/2019-08-01/subscriptionDeploymentTemplate.json#",
              "contentVersion": "1.0.0.0",
              "resources": [ {{ "type": "Microsoft.ManagedServices/registrationDefinitions",
                "apiVersion": "2022-10-01", "name": "[guid('plan')]",
                "plan": {{ "name": "{}", "publisher": "{}", "product": "{}", "version": "{version}" }} }} ] }}"#,
            plan.name, plan.offer.publisher, plan.offer.name
        )
    };
    let (at, there) = (SUBSCRIPTION.to_string(), of("1.0.0"));
    let fields = [("subscription", at.as_str()), ("template", &there), ("answer", "review")];
    let review = olof.submit(&page, FORM, &fields).await;
    shown(&review, 200, &["of the marketplace", "Tier 1", "Contributor"]);
    assert!(!review.main().contains("No such plan"), "{}", review.main());
}

#[tokio::test]
async fn whoever_is_of_another_tenant_learns_nothing_that_the_api_does_not_tell() {
    let kit = shop(vec![]).await;
    let ada = kit.signed_in("ada@fabrikam.example").await;
    let none = ada.open("/service-providers").await;
    shown(&none, 200, &["No service provider offers you anything yet."]);
    shown(&ada.open("/service-providers/delegations").await, 200, &["You delegated nothing"]);
    let unknown = Uuid::from_u128(0xBAD);
    let pages = ["", "/delegate", "/update", "/remove"].map(offer);
    let activity = format!("/service-providers/activity/{SUBSCRIPTION}");
    for path in pages.iter().chain([&activity, &end("")]) {
        let here = ada.open(path).await;
        let nowhere =
            ada.open(&path.replace(&SUBSCRIPTION.to_string(), &unknown.to_string())).await;
        assert!([401, 403, 404].contains(&here.status), "{path}: {}", here.text);
        assert!(!here.text.contains("Fabrikam Ops"), "{path}");
        assert!([401, 403, 404].contains(&nowhere.status), "{path}: {}", nowhere.text);
    }
    let olof = kit.signed_in(OLOF).await;
    for bad in ["/x/y", &format!("/{SUBSCRIPTION}/x"), &format!("/{unknown}/{unknown}")] {
        let page = olof.open(&format!("/service-providers/offers{bad}")).await;
        assert!([401, 403, 404].contains(&page.status), "{bad}: {}", page.text);
        page.well_made();
    }
    let bad = olof.open("/service-providers?after=x").await;
    assert_eq!(bad.status, 400);
}

#[tokio::test]
async fn what_others_wrote_comes_out_as_text() {
    const EVIL: &str = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'";
    let named = model::delegation::Authorization {
        display_name: Some(EVIL.to_owned()),
        ..authorization(TIER1, CONTRIBUTOR)
    };
    let definition = Definition {
        name: Some(EVIL.to_owned()),
        description: Some(EVIL.to_owned()),
        authorizations: vec![named],
        ..accepted()
    };
    let kit = shop(vec![
        Noun::Tenant(Tenant { display_name: EVIL.to_owned(), ..samples::tenant(PROVIDER, "x") }),
        Noun::Definition(definition),
        Noun::Assignment(samples::assignment(whole())),
    ])
    .await;
    let olof = kit.signed_in(OLOF).await;
    let lists =
        ["/service-providers", "/service-providers/delegations?by=offer"].map(str::to_owned);
    let own = ["", "/delegate", "/update", "/remove"].map(offer);
    let activity = format!("/service-providers/activity/{SUBSCRIPTION}");
    for path in lists.iter().chain(&own).chain([&end(""), &activity]) {
        let page = olof.open(path).await;
        shown(&page, 200, &[]);
        assert!(
            !page.text.contains("<script>alert") && !page.text.contains("<img src=x"),
            "{path}"
        );
    }
    let page = olof.open(&offer("")).await;
    assert_eq!(page.heading(), EVIL);
}

#[tokio::test]
async fn what_providers_did_is_told_apart_and_whom_policy_allows_is_said_in_words() {
    let path = format!("{}/providers/Microsoft.Authorization/policyAssignments/who", whole());
    let mut policy = testkit::resource(ResourceId::parse(&path, CUSTOMER).unwrap());
    let allowed = format!(
        r#"{{"displayName":"Our providers","enforcementMode":"Default",
            "policyDefinitionId":"/providers/Microsoft.Authorization/policyDefinitions/7a8a51a3-ad87-4def-96f3-65a1839242b6",
            "parameters":{{"listOfAllowedTenants":{{"value":["{PROVIDER}"]}}}}}}"#
    );
    policy.properties = serde_json::from_str(&allowed).unwrap();
    let kit =
        shop(vec![Noun::Assignment(samples::assignment(whole())), Noun::Resource(policy)]).await;
    let plane = kit.sign_in.plane();
    for (who, name) in [(samples::OLOF, "olofs"), (ADA, "adas")] {
        let context = testkit::context(who, &Action::GROUPS_WRITE, resource_group(name));
        let request = PutGroup {
            subscription: SUBSCRIPTION,
            name: name.parse().unwrap(),
            location: Some("westeurope".to_owned()),
            tags: None,
            managed_by: None,
        };
        put_group(plane, &context, request).await.unwrap();
    }
    let rita = kit.signed_in(RITA).await;
    let choose = rita.open("/service-providers/activity").await;
    shown(&choose, 200, &["1 managing tenant"]);
    let page = rita.open(&choose.links("tbody a")[0]).await;
    shown(&page, 200, &["Our providers", "Enforced", "fabrikam", "adas"]);
    assert!(!page.main().contains("olofs"), "{}", page.main());
}
