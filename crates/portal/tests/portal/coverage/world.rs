//! A world with something of somebody's behind every row, and a request for each of them.

use ids::{
    guid::{Principal, RoleId, TenantId},
    resource::ActivationId,
    scope::Scope,
};
use jiff::SignedDuration;
use model::{
    activation::{
        Activation, Approvals, Asked, Eligibility, Side, Sides, State, Waiting,
        policy::ActivationPolicy,
    },
    change::Noun,
    delegation::{Accepted, Definition},
    directory::{User, UserKind},
    market::MarketNoun,
    samples::{
        self, ADA, CONTRIBUTOR, CUSTOMER, DELETE_ROLE, PROVIDER, READER, SUBSCRIPTION, TIER1,
        authorization, eligible, market, principal, whole,
    },
    settings::{Profile, Settings},
    tree::Subscription,
};
use operations::market::run::Certification;
use portal::Served;
use testkit::shop::two_versions;
use uuid::Uuid;

use crate::{
    kit::{Browser, Kit, person},
    partner::kit::{
        ADA_NAME, DAN, NED, OFFER, OPERATOR_NAME, operators, shop, work, work_by, written,
    },
};

pub(super) const OLOF_NAME: &str = "olof@contoso.example";
pub(super) const RITA_NAME: &str = "rita@contoso.example";
pub(super) const NED_NAME: &str = "ned@fabrikam.example";
pub(super) const SAM_NAME: &str = "sam@adatum.example";
/// What stands in the names of what strangers must not see.
pub(super) const SECRETS: [&str; 3] = ["hush", "Night watch", "hunter2"];

const ADATUM: TenantId = TenantId::new(Uuid::from_u128(0xAD));
const SAM: Principal = principal(ADATUM, 0x5A);
/// Support Request Contributor.
const SUPPORT: RoleId = RoleId::new(Uuid::from_u128(0xcfd3_3db0_3dd1_45e3_aa9d_cdbd_f3b6_f24e));
const RITA: Principal = principal(CUSTOMER, 0x21);

/// The running portal, and what is drawn anew each time.
pub(super) struct World {
    pub(super) kit: Kit,
    deployment: String,
    picture: String,
    submission: String,
    approval: String,
}

/// Sam, who is at home elsewhere and a guest of both Contoso's and Fabrikam's.
fn strangers() -> Vec<Noun> {
    let guest = |tenant| {
        let kind = UserKind::Guest { home: SAM };
        Noun::User(User { kind, ..samples::user(principal(tenant, 0x5A), "sam#EXT#") })
    };
    let tenant = Noun::Tenant(samples::tenant(ADATUM, "adatum"));
    let own = [tenant, guest(CUSTOMER), guest(PROVIDER)];
    own.into_iter().chain(person(SAM, "sam", "adatum")).collect()
}

/// Contoso delegated all of a subscription under Fabrikam's offer.
fn delegated() -> Vec<Noun> {
    let plan = market::plan_version("1.0.0");
    let definition = Definition {
        name: Some("hush offer".to_owned()),
        authorizations: [CONTRIBUTOR, DELETE_ROLE].map(|it| authorization(TIER1, it)).into(),
        eligible: [CONTRIBUTOR, READER, SUPPORT].map(|it| eligible(TIER1, it)).into(),
        accepted: Some(Accepted { customer: CUSTOMER, plan }),
        ..samples::definition(SUBSCRIPTION)
    };
    let policy = ActivationPolicy {
        id: ActivationPolicy::id_at(whole(), SUPPORT).unwrap(),
        role: SUPPORT,
        ..samples::activation_policy(whole())
    };
    vec![
        Noun::Definition(definition),
        Noun::Assignment(samples::assignment(whole())),
        Noun::ActivationPolicy(policy),
        Noun::Activation(samples::activation(whole())),
        Noun::Activation(waiting()),
    ]
}

/// Ada waits until Olof agrees.
fn waiting() -> Activation {
    let held = samples::activation(whole());
    let (open, approvals) = (Sides::Only(Side::Customer), Approvals::default());
    let until = samples::now().saturating_add(SignedDuration::from_hours(24)).unwrap();
    Activation {
        id: ActivationId::at(whole(), REQUEST.parse().unwrap()).unwrap(),
        eligibility: Eligibility { role: SUPPORT, ..held.eligibility },
        asked: Asked { justification: Some("hush patch".to_owned()), ..held.asked },
        state: State::Waiting(Waiting { open, approvals, until }),
        ..held
    }
}

/// What Ada may activate, and has not.
fn activable() -> Eligibility {
    Eligibility { role: READER, ..samples::activation(whole()).eligibility }
}

/// Contoso took Fabrikam's offer; Rita reads the subscription.
fn customer() -> Vec<Noun> {
    let shop = two_versions();
    let subscription = Subscription {
        display_name: "hush prod".to_owned(),
        ..samples::subscription(SUBSCRIPTION, CUSTOMER)
    };
    let own = [
        Noun::Subscription(subscription),
        Noun::ResourceGroup(testkit::group("hush")),
        Noun::Market(MarketNoun::Offer(market::offer())),
        shop.agreed(CUSTOMER, Some("1.0.0")),
        Noun::RoleAssignment(samples::role_assignment(whole(), RITA, READER)),
        Noun::RoleAssignment(samples::role_assignment(Scope::Tenant(PROVIDER), ADA, READER)),
    ];
    let people = person(RITA, "rita", "contoso");
    shop.nouns().into_iter().chain(people).chain(own).chain(delegated()).collect()
}

impl World {
    /// Everything above, an offer that is live with an unpublished manifest beside it, a submission
    /// that operators looked at, and a template that was deployed.
    pub(super) async fn new() -> Self {
        Box::pin(Self::made()).await
    }

    async fn made() -> Self {
        // Azure tells in whose tenant a foreign subscription is, and so does its profile.
        let strict = Settings { profile: Profile::Strict, ..Settings::default() };
        let all = strangers().into_iter().chain(customer()).chain(operators());
        let kit = shop(all.chain([Noun::Settings(strict)]).collect()).await;
        let (deployment, picture, submission) = {
            let (ada, opal) = (kit.signed_in(ADA_NAME).await, kit.signed_in(OPERATOR_NAME).await);
            let submission = Box::pin(published(&kit, &ada, &opal)).await;
            let media = ada.open(&format!("{OFFER}/media")).await;
            let picture = last(&media.attribute("img.preview", "src"));
            (deployed(&kit.signed_in(OLOF_NAME).await).await, picture, submission)
        };
        let approval = waiting().approval().to_string();
        Self { kit, deployment, picture, submission, approval }
    }

    /// Makes sure of what Contoso delegated.
    pub(super) async fn delegate(&self) {
        testkit::put(self.kit.sign_in.plane(), delegated()).await;
    }

    /// Where a row's request goes: for each of its keys something that is there, and in its query
    /// what a page of that kind is about. None for a row that this file does not know.
    pub(super) fn path(&self, row: &Served) -> Option<String> {
        let keys = self.keys(row.pattern);
        let mut keys = keys.iter().copied();
        let mut path = Vec::new();
        for segment in row.pattern.split('/') {
            path.push(if segment == "{}" { keys.next()? } else { segment });
        }
        let query = if row.method == "GET" { query(row.pattern)? } else { of_form(row.pattern) };
        Some(path.join("/") + &query)
    }

    fn keys(&self, pattern: &str) -> Vec<&str> {
        let beginnings: [(&str, &[&str]); 13] = [
            ("/roles/approvals/", &[&self.approval]),
            ("/assets/", &["x", "portal.css"]),
            ("/service-providers/add/", &[AT, &self.deployment]),
            ("/service-providers/activity/", &[AT]),
            ("/service-providers/", &[AT, DELEGATED]),
            ("/customers/tenant/", &[CONTOSO]),
            ("/customers/offers/", &["fabrikam.ops", "core"]),
            ("/partner-center/members/", &[MEMBER]),
            ("/partner-center/verifications/", &[FABRIKAM]),
            ("/partner-center/certifications/", &[FABRIKAM, &self.submission]),
            ("/partner-center/media/", &[&self.picture]),
            ("/partner-center/offers/", &["fabrikam", "night-watch", "core", "1.1.0"]),
            ("/marketplace/{}/media/", &["fabrikam.night-watch", &self.picture]),
        ];
        let own = beginnings.iter().find(|(beginning, _)| pattern.starts_with(beginning));
        let product: &[&str] = if pattern.starts_with("/marketplace/") {
            &["fabrikam.night-watch", "core"]
        } else {
            &[]
        };
        own.map_or(product, |(_, keys)| keys).to_vec()
    }

    /// What names a thing, and what would name another that is not there.
    pub(super) fn twins(&self) -> Vec<(String, String)> {
        let other =
            |id: &str| id.replace("00000000-0000-0000-0000-0000", "00000000-0000-4000-8000-0000");
        let drawn = |id: &str| {
            let (rest, last) = id.split_at(id.len() - 1);
            format!("{rest}{}", if last == "0" { "1" } else { "0" })
        };
        let known = [AT, DELEGATED, CONTOSO, FABRIKAM, MEMBER, TIER1_ID, OLOF_ID];
        let known = known.map(|it| (it.to_owned(), other(it)));
        let words = [("night-watch", "night-match"), ("/core", "/cora"), ("1.1.0", "9.1.0")];
        let words = words.map(|(it, twin)| (it.to_owned(), twin.to_owned()));
        let (request, of) = (REQUEST.to_owned(), activable().name().to_string());
        let fresh = [&self.picture, &self.submission, &self.deployment, &self.approval];
        let fresh = fresh.into_iter().chain([&request, &of]).map(|it| (it.clone(), drawn(it)));
        let fresh: Vec<_> = fresh.collect();
        known.into_iter().chain(words).chain(fresh).collect()
    }
}

const AT: &str = "00000000-0000-0000-0000-000000000005";
const DELEGATED: &str = "00000000-0000-0000-0000-00000000d0d0";
const CONTOSO: &str = "00000000-0000-0000-0000-00000000000c";
const FABRIKAM: &str = "00000000-0000-0000-0000-00000000000f";
const MEMBER: &str = "00000000-0000-0000-0000-0000000000da";
const TIER1_ID: &str = "00000000-0000-0000-0000-000000000071";
const OLOF_ID: &str = "00000000-0000-0000-0000-00000000000a";
const REQUEST: &str = "00000000-0000-4000-8000-0000000000ae";
const WHOLE: &str = "/subscriptions/00000000-0000-0000-0000-000000000005";

/// What a page is asked for beside its keys.
fn query(pattern: &str) -> Option<String> {
    let delegation = || {
        let kind = "providers/Microsoft.ManagedServices/registrationAssignments";
        format!("?id={WHOLE}/{kind}/{DELEGATED}")
    };
    Some(match pattern {
        "/customers/delegation" | "/customers/delegation/leave" => delegation(),
        "/customers/delegation/principal" => format!("{}&who={TIER1_ID}", delegation()),
        "/access" | "/access/reach" | "/access/delegators" | "/access/settings" => {
            format!("?scope={WHOLE}")
        }
        "/access/settings/role" => format!("?scope={WHOLE}&role={READER}"),
        "/roles/activate" => format!("?scope={WHOLE}&of={}", activable().name()),
        "/roles/deactivate" => format!("?scope={WHOLE}&role={CONTRIBUTOR}"),
        "/roles/request" => {
            let kind = "providers/Microsoft.Authorization/roleAssignmentScheduleRequests";
            format!("?id={WHOLE}/{kind}/{REQUEST}")
        }
        "/access/check" => format!("?scope={WHOLE}&who={OLOF_ID}&action=a/read"),
        "/activity" | "/activity/export" | "/marketplace" => format!("?for={AT}"),
        "/search" => "?q=night".to_owned(),
        product if product.starts_with("/marketplace/") => format!("?for={AT}"),
        keyed if keyed.contains("{}") => String::new(),
        "/"
        | "/sign-in"
        | "/signed-in"
        | "/service-providers"
        | "/service-providers/delegations"
        | "/service-providers/add"
        | "/service-providers/activity"
        | "/customers"
        | "/roles"
        | "/roles/active"
        | "/roles/past"
        | "/roles/requests"
        | "/roles/approvals"
        | "/customers/delegations"
        | "/customers/activity"
        | "/customers/offers"
        | "/customers/template"
        | "/customers/influence"
        | "/customers/influence.csv"
        | "/partner-center"
        | "/partner-center/account"
        | "/partner-center/account/details"
        | "/partner-center/publishers"
        | "/partner-center/members"
        | "/partner-center/verifications"
        | "/partner-center/certifications"
        | "/partner-center/offers"
        | "/partner-center/new-offer"
        | "/partner-center/leads" => String::new(),
        _ => return None,
    })
}

/// A form is sent to the page where it stands.
fn of_form(pattern: &str) -> String {
    if ["/roles/activate", "/roles/deactivate", "/roles/request", "/access/settings/role"]
        .contains(&pattern)
    {
        return query(pattern).unwrap_or_default();
    }
    if pattern.starts_with("/marketplace/") { format!("?for={AT}") } else { String::new() }
}

/// Whether everybody may ask for that page, and finds there what is theirs.
pub(super) fn is_about_oneself(row: &Served) -> bool {
    let named = row.pattern.contains("{}") || query(row.pattern).is_some_and(|it| !it.is_empty());
    row.method == "GET" && (!named || row.pattern == "/search")
}

/// Forms that change nothing but what their sender's own browser shows.
pub(super) const OWN_FORMS: [&str; 4] =
    ["/theme", "/sign-out", "/directory", "/customers/template"];

/// Where a form stands on its page, and what is filled in.
type Filled = (&'static str, &'static [(&'static str, &'static str)]);

const COMPANY: Filled = ("#company", &[("legalName", "Hush"), ("country", "NL")]);

/// The form of a row, as the person fills it in whom the row is for.
pub(super) fn form(pattern: &str) -> Option<Filled> {
    const DRAFT: Filled = ("#draft", &[("do", "save")]);
    const ACT: Filled = ("#act", &[]);
    const ANY: &str = "main form[method=post]";
    if let Some(page) = pattern.strip_prefix("/partner-center/offers/{}/{}") {
        return Some(match page {
            "/setup"
            | "/properties"
            | "/listing"
            | "/preview"
            | "/tests"
            | "/plans/{}/listing"
            | "/plans/{}/availability"
            | "/plans/{}/technical/{}" => DRAFT,
            "/test-lead"
            | "/stop"
            | "/resume"
            | "/cancel"
            | "/go-live"
            | "/delete"
            | "/plans/{}/technical/{}/remove"
            | "/plans/{}/stop"
            | "/plans/{}/resume"
            | "/plans/{}/delete"
            | "/plans/{}/sync" => ACT,
            "/media" => ("#form-large", &[("do", "save")]),
            "/preview/list" | "/plans/{}/availability/list" => ("#import", &[]),
            "/plans" => ("#new-plan", &[("id", "extra"), ("title", "Extra")]),
            "/plans/{}/technical" => ("#new-manifest", &[]),
            "/publish" => ("#publish", &[]),
            _ => return None,
        });
    }
    Some(match pattern {
        "/theme" => ("form[action='/theme']", &[("theme", "dark")]),
        "/sign-out" => ("form[action='/sign-out']", &[]),
        "/directory" => ("form[action='/directory']", &[("tenant", CONTOSO)]),
        "/service-providers/offers/{}/{}/delegate" => {
            (ANY, &[("scope", WHOLE), ("consent", "yes")])
        }
        "/service-providers/offers/{}/{}/update" => {
            (ANY, &[("answer", "accept"), ("consent", "yes")])
        }
        "/service-providers/offers/{}/{}/remove"
        | "/service-providers/delegations/{}/{}/end"
        | "/roles/deactivate"
        | "/roles/request" => (ANY, &[]),
        "/service-providers/add" => {
            (ANY, &[("subscription", AT), ("template", TEMPLATE), ("answer", "review")])
        }
        "/customers/delegation/leave" => (ANY, &[("sure", "yes")]),
        "/customers/template" => ("#template", &[("do", "view")]),
        "/partner-center" | "/partner-center/account" | "/partner-center/account/details" => {
            COMPANY
        }
        "/partner-center/publishers" => ("#publisher", &[("id", "fabrikam-two"), ("name", "F")]),
        "/partner-center/members" => ("#member", &[("who", NED_ID), ("role", "developer")]),
        "/partner-center/members/{}/remove" => ACT,
        "/partner-center/verifications/{}" => ("#verification", &[("stage", "authorized")]),
        "/partner-center/certifications/{}/{}" => {
            ("#review", &[("do", "approve"), ("report", "Well done")])
        }
        "/partner-center/new-offer" => {
            (ANY, &[("id", "another"), ("publisher", "fabrikam"), ("alias", "another")])
        }
        "/roles/activate" => ("#activate", &[("do", "activate"), ("justification", "hush")]),
        "/roles/approvals/{}" => (ANY, &[("answer", "approve")]),
        "/access/settings/role" => ("#setting", &[("do", "save"), ("ticket", "yes")]),
        "/marketplace/{}/create/{}" => ("#take", &[("agree", "yes")]),
        _ => return None,
    })
}

const NED_ID: &str = "00000000-0000-0000-0000-00000000009e";

/// Whom a row is for: whose things are behind its keys.
pub(super) fn owner(pattern: &str) -> &'static str {
    let is_of = |beginning| pattern.starts_with(beginning);
    if is_of("/partner-center/verifications") || is_of("/partner-center/certifications") {
        OPERATOR_NAME
    } else if is_of("/roles/approvals") {
        OLOF_NAME
    } else if is_of("/partner-center") || is_of("/customers") || is_of("/roles") {
        ADA_NAME
    } else {
        OLOF_NAME
    }
}

const TEMPLATE: &str = r#"{ "$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": [] }"#;

fn last(path: &str) -> String {
    path.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned()
}

/// The offer of the stories, live; and which of its submissions an operator looked at.
async fn published(kit: &Kit, ada: &Browser<'_>, opal: &Browser<'_>) -> String {
    assert_eq!((DAN.object.to_string(), NED.object.to_string()), (MEMBER.into(), NED_ID.into()));
    written(ada).await;
    let page = ada.open(&format!("{OFFER}/publish")).await;
    ada.submit(&page, "#publish", &[]).await;
    work_by(kit, Certification::Manual).await;
    let waiting = opal.open("/partner-center/certifications").await.links("tbody a").remove(0);
    let page = opal.open(&waiting).await;
    opal.submit(&page, "#review", &[("do", "approve"), ("report", "Fine")]).await;
    work(kit).await;
    let page = ada.open(&format!("{OFFER}/go-live")).await;
    ada.submit(&page, "#act", &[]).await;
    work(kit).await;
    let page = ada.open(&format!("{OFFER}/plans/core")).await;
    let made = ada.submit(&page, "#new-manifest", &[]).await;
    assert_eq!(made.heading(), "Manifest 1.1.0 of core", "{}", made.main());
    last(&waiting)
}

/// The name of a deployment of Contoso's.
async fn deployed(olof: &Browser<'_>) -> String {
    let (form, filled) = form("/service-providers/add").unwrap();
    let page = olof.open("/service-providers/add").await;
    let review = olof.submit(&page, form, filled).await;
    let begun = olof.submit(&review, form, &[("answer", "create")]).await;
    assert!(begun.main().contains("is being deployed"), "{}", begun.main());
    last(&begun.url)
}
