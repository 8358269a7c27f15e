//! What enforcement points ask, on whole planes in memory.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

use std::sync::Arc;

use ids::{
    guid::{AppId, Principal, RoleId},
    resource::ResourceId,
    scope::Scope,
};
use model::{
    change::Noun,
    directory::{ServicePrincipal, ServicePrincipalKind, User, UserKind},
    samples::{self, ADA, CUSTOMER, OLOF, SUBSCRIPTION},
};
use operations::{
    context::Context,
    decisions::{
        self,
        decide::Answer,
        known::Known,
        language::{ActionName, Asked, Language, Names, ResourceName, Root, SubjectName},
        moment::Moment,
    },
    plane::Plane,
};

mod agreement;
mod leave;
mod names;
mod operation;
mod searches;

/// One of Contoso's people, who holds nothing.
const NORA: Principal = samples::principal(CUSTOMER, 0x40);
/// Contoso's enforcement point.
const GATE: Principal = samples::principal(CUSTOMER, 0x6A7E);
/// Ada as a guest of Contoso's.
const GUEST: Principal = samples::principal(CUSTOMER, 0x60);

const READ: &str = "Microsoft.Compute/virtualMachines/read";
const WRITE: &str = "Microsoft.Compute/virtualMachines/write";

fn application(who: Principal) -> Noun {
    Noun::ServicePrincipal(ServicePrincipal {
        principal: who,
        app: AppId::new(who.object.raw()),
        display_name: "gate".to_owned(),
        enabled: true,
        kind: ServicePrincipalKind::Application,
    })
}

/// One of Contoso's people.
fn person(who: Principal, name: &str) -> Noun {
    let user_principal_name = format!("{name}@contoso.example");
    Noun::User(User { user_principal_name, ..samples::user(who, name) })
}

/// A machine in Contoso's group `rg1`.
fn vm(name: &str) -> ResourceId {
    let group = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg1");
    let id = format!("{group}/providers/Microsoft.Compute/virtualMachines/{name}");
    ResourceId::parse(&id, CUSTOMER).unwrap()
}

/// The world with these in it, too.
async fn plane(more: Vec<Noun>) -> Plane {
    let guest = User { kind: UserKind::Guest { home: ADA }, ..samples::user(GUEST, "ada#EXT#") };
    let nouns = vec![
        person(NORA, "nora"),
        person(OLOF, "olof"),
        Noun::User(guest),
        application(GATE),
        Noun::ResourceGroup(testkit::group("rg1")),
        Noun::Resource(testkit::resource(vm("vm1"))),
        Noun::Resource(testkit::resource(vm("vm2"))),
    ];
    testkit::plane(nouns.into_iter().chain(more).collect()).await
}

fn context(caller: Principal) -> Context {
    let question = decisions::question(Scope::Tenant(caller.tenant));
    Context {
        question: question.clone(),
        ..testkit::context(caller, &question.action, question.scope)
    }
}

fn arm() -> Language {
    Language { names: Names::Arm, known: Arc::default() }
}

fn knowing(control: &[&str], data: &[&str]) -> Language {
    let owned = |list: &[&str]| list.iter().map(|&it| it.to_owned()).collect();
    let known = Arc::new(Known::new(owned(control), owned(data)));
    Language { names: Names::Arm, known }
}

fn records() -> Language {
    let group = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg1");
    let root = Root::decode(&format!("{group}/providers/Contoso.Records")).unwrap();
    Language { names: Names::Beneath(root), known: Arc::default() }
}

/// The subject of that id, of the tenant that it is of.
fn subject(who: Principal, kind: &str) -> SubjectName {
    let tenant = Some(who.tenant.to_string());
    SubjectName { kind: kind.to_owned(), id: who.object.to_string(), tenant }
}

fn action(name: &str) -> ActionName {
    ActionName { name: name.to_owned(), is_data: false }
}

fn place(scope: &Scope) -> ResourceName {
    let kind = match scope {
        Scope::Tenant(_) => "Microsoft.Resources/tenants".to_owned(),
        Scope::ManagementGroup(..) => "Microsoft.Management/managementGroups".to_owned(),
        Scope::Subscription(_) => "Microsoft.Resources/subscriptions".to_owned(),
        Scope::ResourceGroup(..) => "Microsoft.Resources/resourceGroups".to_owned(),
        Scope::Resource(id) => id.kind().to_string(),
    };
    ResourceName { kind, id: scope.to_string() }
}

fn machine() -> Scope {
    Scope::Resource(vm("vm1"))
}

fn asked(who: Principal, name: &str, at: &Scope) -> Asked {
    Asked { subject: subject(who, "user"), action: action(name), resource: place(at) }
}

async fn answer(plane: &Plane, caller: Principal, language: &Language, asked: &Asked) -> Answer {
    let moment = Moment::open(plane, caller, std::iter::once(&asked.subject)).await.unwrap();
    moment.answer(language, asked)
}

/// Somebody's leave at a scope.
fn grants(scope: Scope, who: Principal, role: RoleId) -> Noun {
    Noun::RoleAssignment(samples::role_assignment(scope, who, role))
}

/// The owner's word on it.
async fn says_olof(plane: &Plane, who: Principal, name: &str) -> Answer {
    answer(plane, OLOF, &arm(), &asked(who, name, &machine())).await
}
