use std::{collections::BTreeSet, sync::Arc};

use ids::{
    guid::{AppId, ObjectId, Principal, RoleId},
    offer::{PlanId, Slot},
    scope::Scope,
};
use model::{
    activation::{Approvals, Sides, Waiting},
    change::{Change, Noun},
    delegation::Accepted,
    deployment::ProvisioningState,
    directory::{GroupKind, Secret},
    directory_role::{DirectoryRoleAssignment, GLOBAL_ADMINISTRATOR},
    event::{Actor, SystemReason},
    market::{
        MarketNoun,
        offer::{Audience, Audienced, Stage},
        submission::{Submission, SubmissionId},
    },
    role::{Denied, LockLevel},
    samples::{self, ADA, CUSTOMER, OLOF, PROVIDER, SUBSCRIPTION, TIER1},
    settings::Settings,
};
use serde_json::{Map, json};

use super::{ranges::market, *};
use crate::{
    conformance::kit::{self, Kit},
    key::Range,
    memory::Memory,
};

const APP: AppId = AppId::new(Uuid::from_u128(0xA99));

fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn named<T: TryFrom<ResourceId>>(kind: &str, name: &str) -> T {
    let id = format!("{}/providers/{kind}/{name}", samples::resource_group("Rg1"));
    T::try_from(ResourceId::parse(&id, CUSTOMER).unwrap()).ok().unwrap()
}

fn group_name() -> GroupName {
    "rG1".parse().unwrap()
}

/// A noun, and every list that it must stand in.
fn directory() -> Vec<(Noun, Vec<Range>)> {
    let home = samples::principal(PROVIDER, 0xA);
    let guest = samples::principal(CUSTOMER, 0x6);
    let tenant = samples::tenant(CUSTOMER, "Contoso");
    vec![
        (Noun::Settings(Settings::default()), vec![]),
        (
            Noun::SigningKey(SigningKey {
                id: "k1".to_owned(),
                sealed: None,
                modulus: String::new(),
                exponent: String::new(),
                published: samples::now(),
                active_from: samples::now(),
            }),
            vec![ranges::signing_keys()],
        ),
        (
            Noun::Tenant(tenant),
            vec![ranges::tenants(), ranges::tenant_by_domain("CONTOSO.example")],
        ),
        (
            Noun::User(User { kind: UserKind::Guest { home }, ..samples::user(guest, "ada") }),
            vec![
                ranges::users_of_tenant(CUSTOMER),
                ranges::users_by_name(CUSTOMER, "ADA@example"),
                ranges::guests_of(home),
            ],
        ),
        (
            Noun::Group(Group { kind: GroupKind::Security, ..samples::group(TIER1, "Tier 1") }),
            vec![ranges::groups_of_tenant(PROVIDER), ranges::groups_by_name(PROVIDER, "tier 1")],
        ),
        (
            Noun::DirectoryRoleAssignment(DirectoryRoleAssignment {
                principal: guest,
                role: GLOBAL_ADMINISTRATOR,
            }),
            vec![
                ranges::directory_roles_of(guest),
                ranges::directory_role_holders(CUSTOMER, GLOBAL_ADMINISTRATOR),
                ranges::directory_roles_of_tenant(CUSTOMER),
            ],
        ),
        (
            Noun::Ownership(Ownership { owned: Owned::Group(TIER1), owner: ADA.object }),
            vec![
                ranges::owners_of(Owned::Group(TIER1)),
                ranges::owned_by(ADA),
                ranges::ownerships_of_tenant(PROVIDER),
            ],
        ),
        (
            Noun::Membership(samples::membership(TIER1, ADA)),
            vec![ranges::memberships_of_group(TIER1), ranges::memberships_of_member(ADA)],
        ),
    ]
}

fn applications() -> Vec<(Noun, Vec<Range>)> {
    let robot = samples::principal(CUSTOMER, 0xB07);
    let machine: ResourceId = named("My.Machines/machines", "m");
    vec![
        (
            Noun::Application(Application::new(
                CUSTOMER,
                APP,
                ObjectId::new(uuid(7)),
                "Robot".to_owned(),
            )),
            vec![
                ranges::applications_of_tenant(CUSTOMER),
                ranges::applications_by_app(APP),
                ranges::applications_by_object(samples::principal(CUSTOMER, 7)),
            ],
        ),
        (
            Noun::ServicePrincipal(ServicePrincipal {
                principal: robot,
                app: APP,
                display_name: "Robot".to_owned(),
                enabled: true,
                kind: ServicePrincipalKind::ManagedIdentity { resource: machine.clone() },
            }),
            vec![
                ranges::service_principals_of_tenant(CUSTOMER),
                ranges::service_principals_by_app(CUSTOMER, APP),
                ranges::identity_of_resource(&machine),
            ],
        ),
        (
            Noun::Credential(Credential {
                holder: Holder::Application(CUSTOMER, APP),
                key: uuid(9),
                display_name: String::new(),
                secret: Secret::Drawn("00".to_owned()),
                expires: None,
            }),
            vec![ranges::credentials_of(Holder::Application(CUSTOMER, APP))],
        ),
    ]
}

fn tree() -> Vec<(Noun, Vec<Range>)> {
    let resource = kit::resource("RG1", "a", 1);
    let registration = Registration {
        subscription: SUBSCRIPTION,
        namespace: "My.Bank".parse().unwrap(),
        registered: true,
    };
    let management_group = ManagementGroup {
        tenant: CUSTOMER,
        name: "Mg".parse().unwrap(),
        display_name: String::new(),
        parent: None,
    };
    vec![
        (Noun::ManagementGroup(management_group), vec![ranges::management_groups_of(CUSTOMER)]),
        (
            Noun::Subscription(samples::subscription(SUBSCRIPTION, CUSTOMER)),
            vec![ranges::subscriptions(), ranges::subscriptions_of_tenant(CUSTOMER)],
        ),
        (Noun::Registration(registration), vec![ranges::registrations_of(SUBSCRIPTION)]),
        (
            Noun::ResourceGroup(kit::resource_group("RG1")),
            vec![ranges::groups_of_subscription(SUBSCRIPTION)],
        ),
        (
            Noun::Resource(resource.clone()),
            vec![
                ranges::resources_of_group(SUBSCRIPTION, &group_name()),
                ranges::resources_of_group_and_type(
                    SUBSCRIPTION,
                    &group_name(),
                    &resource.id.kind(),
                ),
                ranges::resources_of_subscription(SUBSCRIPTION),
                ranges::resources_of_subscription_and_type(SUBSCRIPTION, &resource.id.kind()),
                ranges::resources_below(&samples::resource_group("rg1")),
            ],
        ),
    ]
}

fn rights() -> Vec<(Noun, Vec<Range>)> {
    let group = samples::resource_group("rg1");
    let role = RoleDefinition {
        id: RoleId::new(uuid(0x01)),
        tenant: Some(CUSTOMER),
        name: "Custom".to_owned(),
        description: String::new(),
        permissions: Vec::new(),
        assignable_scopes: vec![samples::whole()],
        written: None,
    };
    let deny = DenyAssignment {
        id: named("Microsoft.Authorization/denyAssignments", "d"),
        name: "d".to_owned(),
        description: String::new(),
        permissions: Vec::new(),
        principals: Denied::Everyone,
        exclude: Vec::new(),
        does_not_apply_to_child_scopes: false,
        is_system_protected: true,
    };
    let lock = Lock {
        id: named("Microsoft.Authorization/locks", "l"),
        level: LockLevel::ReadOnly,
        notes: None,
    };
    let grant = samples::role_assignment(group.clone(), OLOF, samples::READER);
    let grant_name = grant.id.name().clone();
    vec![
        (
            Noun::RoleDefinition(role),
            vec![ranges::roles_of_tenant(CUSTOMER), ranges::roles_by_name(CUSTOMER, "custom")],
        ),
        (
            Noun::RoleAssignment(grant),
            vec![
                ranges::role_assignments_below(&samples::whole()),
                ranges::role_assignments_below(&group),
                ranges::role_assignments_of(OLOF),
                ranges::role_assignments_named(CUSTOMER, &grant_name),
                ranges::role_assignments_by_role(CUSTOMER, samples::READER),
            ],
        ),
        (Noun::DenyAssignment(deny), vec![ranges::deny_assignments_below(&group)]),
        (Noun::Lock(lock), vec![ranges::locks_below(&group)]),
        (Noun::Deployment(deployment()), vec![ranges::deployments_at(&group)]),
    ]
}

fn delegations() -> Vec<(Noun, Vec<Range>)> {
    let group = samples::resource_group("rg1");
    let assignment = samples::assignment(samples::whole());
    let waiting =
        Waiting { open: Sides::Both, approvals: Approvals::default(), until: samples::now() };
    let state = State::Waiting(waiting);
    let waiting = Activation { state, ..samples::activation(group.clone()) };
    vec![
        (
            Noun::Definition(samples::definition(SUBSCRIPTION)),
            vec![
                ranges::definitions_of_subscription(SUBSCRIPTION),
                ranges::definitions_of_managing_tenant(PROVIDER),
            ],
        ),
        (
            Noun::Assignment(assignment.clone()),
            vec![
                ranges::assignments_of_subscription(SUBSCRIPTION),
                ranges::assignments_of_definition(&assignment.definition),
                ranges::assignments_of_managing_tenant(PROVIDER),
            ],
        ),
        (
            Noun::Activation(waiting.clone()),
            vec![
                ranges::activations_below(&samples::whole()),
                ranges::activations_below(&group),
                ranges::activations_of(ADA),
                ranges::activations_of_at(ADA, &group),
                ranges::activations_by_approval(waiting.approval()),
                ranges::activations_waiting_for(PROVIDER),
                ranges::activations_waiting_for(CUSTOMER),
            ],
        ),
        (
            Noun::ActivationPolicy(samples::activation_policy(group.clone())),
            vec![ranges::activation_policies_below(&group)],
        ),
        (
            Noun::EligibleAssignment(samples::eligible_assignment(group.clone(), OLOF)),
            vec![ranges::eligible_assignments_below(&group), ranges::eligible_assignments_of(OLOF)],
        ),
    ]
}

fn deployment() -> Deployment {
    Deployment {
        id: named("Microsoft.Resources/deployments", "d"),
        location: None,
        tags: model::tree::Tags::new(),
        mode: model::deployment::Mode::Incremental,
        state: ProvisioningState::Accepted,
        operation: ids::guid::OperationId::new(uuid(1)),
        parent: None,
        actor: Actor::System(SystemReason::WorldApply),
        correlation: samples::correlation(),
        started: samples::now(),
        finished: None,
        template: json!({}),
        link: None,
        parameters: Map::new(),
        template_hash: String::new(),
        debug: None,
        steps: Vec::new(),
        cleanup: None,
        outputs: None,
        error: None,
    }
}

fn offers() -> Vec<(Noun, Vec<Range>)> {
    let live = Stage::Published(Slot::Live);
    let (offer, plan) = (samples::market::offer_id(), samples::market::plan_id());
    let lists = |noun: &MarketNoun| match noun {
        MarketNoun::Account(_) => vec![market::accounts()],
        MarketNoun::Verification(_) | MarketNoun::Review(_) => vec![],
        MarketNoun::AccountMember(_) => vec![market::account_members_of(PROVIDER)],
        MarketNoun::Publisher(_) => vec![market::publishers_of(PROVIDER)],
        MarketNoun::Offer(it) => {
            vec![market::offers_of(PROVIDER), market::offer_by_durable(it.durable)]
        }
        MarketNoun::Edition(it) => vec![
            market::editions_at(live),
            market::editions_of_publisher(live, &offer.publisher),
            market::editions_titled(live, &it.form.listing.title),
        ],
        MarketNoun::PlanManifest(_) => vec![market::manifests_of(&plan)],
        MarketNoun::Audience(_) => {
            let of = Audienced::Plan(plan.clone(), live);
            vec![
                market::audiences_of(&offer, live),
                market::audiences_for(SUBSCRIPTION),
                market::audience_for(SUBSCRIPTION, &of),
            ]
        }
        MarketNoun::HistoryEntry(_) => vec![market::history_of(&offer)],
        MarketNoun::Submission(_) => vec![market::submissions_of(&offer)],
        MarketNoun::Media(_) => vec![market::media_of(PROVIDER)],
        MarketNoun::Acceptance(_) => vec![
            market::acceptances_of_customer(CUSTOMER),
            market::acceptances_of_plan(&plan, Slot::Live),
        ],
        MarketNoun::Lead(_) => vec![market::leads_of(PROVIDER)],
        MarketNoun::PartnerLink(_) => vec![market::partner_links_of(PROVIDER)],
    };
    let all = samples::market::all().into_iter();
    all.map(|(_, it)| (Noun::Market(it.clone()), lists(&it))).collect()
}

fn all() -> Vec<(Noun, Vec<Range>)> {
    [directory(), applications(), tree(), rights(), delegations(), offers()].concat()
}

#[test]
fn every_noun_has_a_kind_of_its_own() {
    let keys = all().into_iter().map(|(noun, _)| key_of(&Change::Put(noun)));
    let kinds: BTreeSet<String> =
        keys.map(|key| key.as_str().split(':').next().unwrap().to_owned()).collect();
    assert_eq!(kinds.len(), 41, "{kinds:?}");
}

/// The one record that `find` and each list of its own must show.
async fn check<R: Record + PartialEq + std::fmt::Debug>(kit: &Kit, record: &R, lists: &[Range]) {
    let mut unit = kit.begin();
    assert_eq!(unit.find::<R>(&record.id()).await.unwrap().as_ref(), Some(record));
    let entries: BTreeSet<_> = record.entries().iter().map(|entry| entry.index).collect();
    let read: BTreeSet<_> = lists.iter().map(|range| range.index).collect();
    assert_eq!(entries, read, "each index of `{}` has a range that reads it", R::KIND);
    for range in lists {
        let listed = unit.list::<R>(range).await.unwrap();
        assert_eq!(listed, std::slice::from_ref(record), "{range:?}");
    }
}

#[tokio::test]
async fn every_noun_is_found_by_its_id_and_in_each_of_its_lists() {
    let kit = Kit::bare(Arc::new(Memory::default())).await;
    for (noun, _) in all() {
        kit.put(noun).await;
    }
    for (noun, lists) in &all() {
        with_noun!(noun, it => check(&kit, it, lists).await);
    }
}

#[tokio::test]
async fn a_definition_of_a_plan_is_found_by_its_acceptance_and_by_no_other_customers() {
    let kit = Kit::bare(Arc::new(Memory::default())).await;
    let plan = samples::market::plan_version("1.0.0");
    let accepted = Some(Accepted { customer: CUSTOMER, plan: plan.clone() });
    let definition = Definition { accepted, ..samples::definition(SUBSCRIPTION) };
    kit.put(Noun::Definition(definition.clone())).await;
    let mut unit = kit.begin();
    for (customer, slot, found) in [
        (CUSTOMER, Slot::Live, vec![definition]),
        (CUSTOMER, Slot::Preview, vec![]),
        (PROVIDER, Slot::Live, vec![]),
    ] {
        let range = market::definitions_of_acceptance(customer, &plan.plan, slot);
        assert_eq!(unit.list::<Definition>(&range).await.unwrap(), found);
    }
}

#[tokio::test]
async fn manifests_of_a_plan_are_listed_by_number_and_not_by_letter() {
    let kit = Kit::bare(Arc::new(Memory::default())).await;
    for version in ["1.10.0", "1.9.0", "1.2.0"] {
        let it = samples::market::plan_manifest(version);
        kit.put(Noun::Market(MarketNoun::PlanManifest(it))).await;
    }
    let range = market::manifests_of(&samples::market::plan_id());
    let listed = kit.begin().list::<model::market::offer::PlanManifest>(&range).await.unwrap();
    let versions: Vec<String> = listed.iter().map(|it| it.version.to_string()).collect();
    assert_eq!(versions, ["1.2.0", "1.9.0", "1.10.0"]);
}

#[tokio::test]
async fn whether_an_audience_names_a_subscription_is_counted_without_reading_it() {
    let kit = Kit::bare(Arc::new(Memory::default())).await;
    let (live, preview) = (Stage::Published(Slot::Live), Stage::Published(Slot::Preview));
    let audience = samples::market::audience(live);
    let of = audience.of.clone();
    let Audienced::Plan(plan, _) = of.clone() else { panic!("{of:?}") };
    let longer = format!("{}-2", plan.name).parse().unwrap();
    let longer = Audienced::Plan(PlanId { name: longer, ..plan.clone() }, live);
    kit.put(Noun::Market(MarketNoun::Audience(audience.clone()))).await;
    let empty = Audience { of: longer.clone(), entries: Vec::new(), ..audience };
    kit.put(Noun::Market(MarketNoun::Audience(empty))).await;
    let snapshot = kit.store.snapshot().await.unwrap();
    for (subscription, of, named) in [
        (SUBSCRIPTION, of.clone(), 1),
        (samples::NEIGHBOUR, of, 0),
        (SUBSCRIPTION, Audienced::Plan(plan, preview), 0),
        (SUBSCRIPTION, longer, 0),
    ] {
        let range = market::audience_for(subscription, &of);
        assert_eq!(snapshot.count(&range, 2).await.unwrap(), named, "{subscription} {of:?}");
    }
}

#[tokio::test]
async fn submissions_of_one_moment_are_listed_by_their_drafts_and_what_follows_a_preview_first() {
    let kit = Kit::bare(Arc::new(Memory::default())).await;
    let (_, sample) = samples::market::all()
        .into_iter()
        .find(|(_, it)| matches!(it, MarketNoun::Submission(_)))
        .unwrap();
    let MarketNoun::Submission(sample) = sample else { panic!("{sample:?}") };
    let order = [(10, Slot::Preview), (9, Slot::Live), (9, Slot::Preview), (2, Slot::Preview)];
    for (n, (revision, target)) in (1..).zip(order) {
        let it = Submission { id: SubmissionId(uuid(n)), revision, target, ..sample.clone() };
        kit.put(Noun::Market(MarketNoun::Submission(it))).await;
    }
    let range = market::submissions_of(&sample.offer);
    let listed = kit.begin().list::<Submission>(&range).await.unwrap();
    let listed: Vec<_> = listed.iter().map(|it| (it.revision, it.target)).collect();
    assert_eq!(listed, order);
}

#[tokio::test]
async fn one_guid_in_two_tenants_or_subscriptions_is_two_records() {
    let kit = Kit::bare(Arc::new(Memory::default())).await;
    let ours = samples::definition(SUBSCRIPTION);
    let theirs = samples::definition(samples::NEIGHBOUR);
    kit.put(Noun::Definition(ours.clone())).await;
    let mut unit = kit.begin();
    assert_eq!(unit.find::<Definition>(&theirs.id).await.unwrap(), None);
    assert_eq!(unit.find::<Definition>(&ours.id).await.unwrap(), Some(ours));
    let (here, there): (Principal, Principal) = (OLOF, ADA);
    assert_eq!(here.object, there.object);
    assert_ne!(User::key(&here), User::key(&there));
    let scope = |tenant| Scope::ManagementGroup(tenant, "mg".parse().unwrap());
    let lock = |tenant| LockId::at(scope(tenant), "l".parse().unwrap()).unwrap();
    assert_ne!(Lock::key(&lock(CUSTOMER)), Lock::key(&lock(PROVIDER)));
}
