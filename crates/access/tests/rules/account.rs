//! Who may do what in a tenant's publisher account.

use access::index::Index;
use ids::{
    guid::{AppId, Principal, TenantId},
    scope::Scope,
};
use model::{
    action::Action,
    change::{Change, Noun},
    directory::{ServicePrincipal, ServicePrincipalKind, User, UserKind},
    directory_role::{DirectoryRoleAssignment, GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR},
    market::{
        MarketNoun,
        account::{AccountMember, AccountRole},
    },
    question::{Question, Via},
    samples::{self, ADA, CUSTOMER, OLOF, OWNER, PROVIDER},
};
use uuid::Uuid;

use crate::{granted, index, people, put};

const ROBOT: Principal = samples::principal(PROVIDER, 0xB07);
const GUEST: Principal = samples::principal(PROVIDER, 0x60);

const ACCOUNT: &str = "Fyr.Market/accounts/write";
const OWNERS: &str = "Fyr.Market/owners/write";
const MEMBERS: &str = "Fyr.Market/members/write";
const PUBLISHERS: &str = "Fyr.Market/publishers/write";
const OFFERS: &str = "Fyr.Market/offers/write";
const SUBMISSIONS: &str = "Fyr.Market/submissions/write";
const CUSTOMERS: &str = "Fyr.Market/customers/read";
const LEADS: &str = "Fyr.Market/leads/read";
const ALL: [&str; 8] =
    [ACCOUNT, OWNERS, MEMBERS, PUBLISHERS, OFFERS, SUBMISSIONS, CUSTOMERS, LEADS];

/// Fabrikam with a guest and a robot too, and what is added.
fn fabrikam(more: Vec<Noun>) -> Index {
    let guest = User { kind: UserKind::Guest { home: OLOF }, ..samples::user(GUEST, "olof#ext#") };
    let robot = ServicePrincipal {
        principal: ROBOT,
        app: AppId::new(Uuid::from_u128(0xB07)),
        display_name: "robot".to_owned(),
        enabled: true,
        kind: ServicePrincipalKind::Application,
    };
    let more = [Noun::User(guest), Noun::ServicePrincipal(robot)].into_iter().chain(more);
    let changes: Vec<Change> = people().into_iter().chain(more.map(put)).collect();
    index(&changes)
}

fn member(principal: Principal, role: AccountRole) -> Noun {
    Noun::Market(MarketNoun::AccountMember(AccountMember { principal, role }))
}

fn may(index: &Index, who: Principal, action: &str, tenant: TenantId) -> bool {
    let scope = Scope::Tenant(tenant);
    let question = Question { action: Action::named(action), scope, via: Via::Market };
    let verdict = index.check(who, &question, samples::now());
    assert_eq!(index.explain(who, &question, samples::now()).verdict, verdict);
    assert_eq!(index.who_can(&question, samples::now()).contains(&who), verdict.is_allowed());
    verdict.is_allowed()
}

fn allowed(index: &Index, who: Principal) -> Vec<&'static str> {
    ALL.into_iter().filter(|action| may(index, who, action, PROVIDER)).collect()
}

#[test]
fn each_role_of_an_account_allows_its_own_part_in_its_own_account_and_no_more() {
    for (role, expected) in [
        (AccountRole::Owner, &ALL[..]),
        (AccountRole::Manager, &[MEMBERS, PUBLISHERS, OFFERS, SUBMISSIONS]),
        (AccountRole::Developer, &[OFFERS, SUBMISSIONS]),
    ] {
        for who in [ADA, ROBOT] {
            let index = fabrikam(vec![member(who, role)]);
            assert_eq!(allowed(&index, who), expected, "{role:?} {who}");
            assert!(ALL.iter().all(|action| !may(&index, who, action, CUSTOMER)), "{role:?}");
            let gone = Change::Remove(member(who, role));
            let index = index.after(&[gone], ids::clock::Revision(99));
            assert!(allowed(&index, who).is_empty(), "{role:?} {who}");
        }
    }
}

#[test]
fn neither_guests_nor_strangers_nor_azures_roles_open_an_account() {
    let root = Scope::Tenant(PROVIDER);
    let index = fabrikam(vec![
        member(GUEST, AccountRole::Owner),
        member(OLOF, AccountRole::Owner),
        granted(root, ADA, OWNER),
    ]);
    for who in [GUEST, OLOF, ADA] {
        assert!(allowed(&index, who).is_empty(), "{who}");
    }
}

#[test]
fn a_global_administrator_signs_up_and_names_owners_but_reads_no_customers() {
    let holds =
        |role| Noun::DirectoryRoleAssignment(DirectoryRoleAssignment { principal: ADA, role });
    let index = fabrikam(vec![holds(GLOBAL_ADMINISTRATOR)]);
    assert_eq!(allowed(&index, ADA), [ACCOUNT, OWNERS, MEMBERS]);
    let index = fabrikam(vec![holds(USER_ADMINISTRATOR)]);
    assert!(allowed(&index, ADA).is_empty());
}

#[test]
fn an_account_survives_a_checkpoint() {
    let index = fabrikam(vec![member(ADA, AccountRole::Manager)]);
    let catalogue = access::catalogue::Catalogue::builtin();
    let restored =
        Index::restore(catalogue, index.facts(), index.revision(), index.access_revision());
    assert_eq!(restored.dump(), index.dump());
}
