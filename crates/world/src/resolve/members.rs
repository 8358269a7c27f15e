//! Everyone in every tenant, found by name or id.

use std::collections::{BTreeMap, BTreeSet};

use document::{
    fault::{Faults, did_you_mean, quoted},
    place::Word,
};
use ids::guid::{AppId, ObjectId, Principal, TenantId};
use model::{directory::Audience, role::PrincipalType};

use crate::{
    declared::{self, App, Guest, Tenant, User},
    names::derived,
    resolve::taken::Taken,
};

/// All tenants, in the order of the file.
pub(super) struct Directory {
    tenants: Vec<Members>,
    /// Applications that another tenant has than the one that registers them.
    abroad: BTreeSet<AppId>,
}

/// One tenant's ids.
pub(super) struct Members {
    pub(super) id: TenantId,
    pub(super) domain: String,
    name: String,
    users: Vec<Member>,
    pub(super) guests: Vec<Option<GuestAccount>>,
    groups: Vec<Member>,
    apps: Vec<Option<(Member, AppId)>>,
    /// Its own applications by name.
    registered: BTreeMap<String, AppId>,
    by_name: BTreeMap<String, BTreeSet<Member>>,
}

/// Someone who can be referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Member {
    pub(super) principal: Principal,
    what: &'static str,
}

/// A guest, and the account behind it.
#[derive(Clone, Debug)]
pub(super) struct GuestAccount {
    pub(super) member: Member,
    pub(super) home: Principal,
    /// `name_domain#EXT#@domain` unless it is given.
    pub(super) sign_in_name: String,
    pub(super) display_name: String,
    pub(super) enabled: bool,
}

/// What a message calls the principal that comes with a resource.
const IDENTITY: &str = "managed identity";

impl Member {
    pub(super) fn kind(self) -> PrincipalType {
        match self.what {
            "group" => PrincipalType::Group,
            "app" | IDENTITY => PrincipalType::ServicePrincipal,
            _ => PrincipalType::User,
        }
    }
}

impl Directory {
    pub(super) fn of(world: &declared::World, faults: &mut Faults) -> Self {
        let mut taken = Taken::default();
        let tenants = world.tenants.iter();
        let mut directory = Self {
            tenants: tenants.map(|it| Members::of(it, &mut taken, faults)).collect(),
            abroad: BTreeSet::new(),
        };
        for (nth, tenant) in world.tenants.iter().enumerate() {
            for guest in &tenant.guests {
                let account = directory.guest(world, nth, guest, &mut taken, faults);
                if let Some(members) = directory.tenants.get_mut(nth) {
                    members.guests.push(account);
                }
            }
            for (at, app) in tenant.apps.iter().enumerate() {
                if let Some(of) = &app.of {
                    directory.install(nth, at, (app, of), &mut taken, faults);
                }
            }
        }
        directory
    }

    /// The tenant at that place of the file.
    pub(super) fn tenant(&self, nth: usize) -> Option<&Members> {
        self.tenants.get(nth)
    }

    /// Where in the file the tenant stands.
    pub(super) fn place_of(&self, tenant: TenantId) -> Option<usize> {
        self.tenants.iter().position(|members| members.id == tenant)
    }

    /// Who in that tenant is meant by a name, a sign-in name or an object id.
    pub(super) fn find(&self, nth: usize, who: &Word, faults: &mut Faults) -> Option<Member> {
        let members = self.tenants.get(nth)?;
        match members.candidates(&who.it).as_slice() {
            [one] => return Some(*one),
            [] if who.it.is_empty() => {} // its absence is a fault already
            [] => {
                let message = format!("tenant `{}` has no {}", members.name, quoted(&who.it));
                let names = members.by_name.keys().map(String::as_str);
                faults.advise(who.at, message, did_you_mean(&who.it, names));
            }
            many => {
                let kinds: Vec<&str> = many.iter().map(|member| member.what).collect();
                let message = format!("{} names several: {}", quoted(&who.it), kinds.join(", "));
                faults.advise(who.at, message, Some("refer to it by its id".to_owned()));
            }
        }
        None
    }

    fn guest(
        &mut self,
        world: &declared::World,
        nth: usize,
        guest: &Guest,
        taken: &mut Taken,
        faults: &mut Faults,
    ) -> Option<GuestAccount> {
        let (home, user, person) = self.home(world, guest, faults)?;
        let members = self.tenants.get(nth)?;
        if home.id == members.id {
            faults.add(guest.user.at, "a guest comes from another tenant");
            return None;
        }
        let derive = || derived("guest", &[&members.name, &home.name, &person.name.it]);
        let object = guest.id.unwrap_or_else(|| ObjectId::new(derive()));
        let principal = Principal { tenant: members.id, object };
        let by_name = || {
            let alias = format!("{}_{}#EXT#", person.name.it.replace(' ', "."), home.domain);
            format!("{alias}@{}", members.domain)
        };
        let at_home = || person.display_name.clone().unwrap_or_else(|| person.name.it.clone());
        let given = guest.sign_in_name.as_ref().map(|word| word.it.clone());
        let account = GuestAccount {
            member: Member { principal, what: "guest" },
            home: user.principal,
            sign_in_name: given.unwrap_or_else(by_name),
            display_name: guest.display_name.clone().unwrap_or_else(at_home),
            enabled: guest.enabled,
        };
        let qualified = format!("{}/{}", home.name, person.name.it);
        let names =
            [qualified, person.name.it.clone(), format!("{}@{}", person.name.it, home.domain)];
        if taken.name("guest", members.id, &guest.user, faults) {
            taken.object(principal, guest.user.at, faults);
        }
        self.tenants.get_mut(nth)?.call(account.member, &names);
        Some(account)
    }

    /// Makes another tenant's application a principal of this one.
    fn install(
        &mut self,
        nth: usize,
        at: usize,
        (app, of): (&App, &Word),
        taken: &mut Taken,
        faults: &mut Faults,
    ) {
        let found = self.registered(of);
        let Some(members) = self.tenants.get_mut(nth) else { return };
        let Some((home, id)) = found else {
            let message = format!("{} is no application of this world", quoted(&of.it));
            let advice = Some("`app` reads `tenant/name`".to_owned());
            return faults.advise(of.at, message, advice);
        };
        if home == members.name {
            return faults.add(of.at, "it is registered in this tenant already");
        }
        let derive = || derived("foreign app", &[&members.name, &home, &app.name.it]);
        let object = app.object.unwrap_or_else(|| ObjectId::new(derive()));
        let member = members.join("app", &app.name, Some(object), taken, faults);
        members.call(member, &[of.it.clone(), id.to_string()]);
        if let Some(place) = members.apps.get_mut(at) {
            *place = Some((member, id));
        }
        self.abroad.insert(id);
    }

    /// Whom an application of the file is for that does not say it itself.
    pub(super) fn audience(&self, app: AppId) -> Audience {
        if self.abroad.contains(&app) { Audience::Organizations } else { Audience::Home }
    }

    /// The tenant and the id of an application by `tenant/name`.
    fn registered(&self, of: &Word) -> Option<(String, AppId)> {
        let text = of.it.to_lowercase();
        let (home, name) = text.split_once('/')?;
        let home = self.tenants.iter().find(|members| {
            members.name == home || members.domain == home || members.id.to_string() == home
        })?;
        let own = home.registered.get(name)?;
        Some((home.name.clone(), *own))
    }

    /// Lets a resource's identity be referred to.
    pub(super) fn call_identity(&mut self, nth: usize, principal: Principal, names: &[String]) {
        if let Some(members) = self.tenants.get_mut(nth) {
            members.call(Member { principal, what: IDENTITY }, names);
        }
    }

    /// Whether somebody of that tenant has the object id.
    pub(super) fn has(&self, nth: usize, object: ObjectId) -> bool {
        self.tenants.get(nth).is_some_and(|members| members.has(object))
    }

    /// A tenant by its name, domain or id, with its place in the file. One that the file does not
    /// declare has an id only.
    pub(super) fn tenant_called(
        &self,
        word: &Word,
        faults: &mut Faults,
    ) -> Option<(Option<usize>, TenantId)> {
        let text = word.it.to_lowercase();
        let is_it =
            |it: &Members| it.name == text || it.domain == text || it.id.to_string() == text;
        if let Some((nth, members)) = self.tenants.iter().enumerate().find(|(_, it)| is_it(it)) {
            return Some((Some(nth), members.id));
        }
        if let Ok(id) = text.parse() {
            return Some((None, id));
        }
        if !text.is_empty() {
            let message = format!("{} is no tenant of this world", quoted(&word.it));
            let names = self.tenants.iter().map(|it| it.name.as_str());
            faults.advise(word.at, message, did_you_mean(&word.it, names));
        }
        None
    }

    /// The account that a guest signs in with.
    fn home<'a>(
        &'a self,
        world: &'a declared::World,
        guest: &Guest,
        faults: &mut Faults,
    ) -> Option<(&'a Members, Member, &'a User)> {
        let text = guest.user.it.to_lowercase();
        let parts = text.split_once('/').or_else(|| text.split_once('@').map(|(n, d)| (d, n)));
        let (home, name) = parts.unwrap_or((&text, ""));
        let found = self.tenants.iter().zip(&world.tenants).find(|(members, _)| {
            members.name == home || members.domain == home || members.id.to_string() == home
        });
        let account = found.and_then(|(members, tenant)| {
            let mut accounts = members.users.iter().zip(&tenant.users);
            let (user, person) = accounts.find(|(user, person)| {
                person.name.it.to_lowercase() == name || user.principal.object.to_string() == name
            })?;
            Some((members, *user, person))
        });
        if account.is_none() && !text.is_empty() {
            let message = format!("{} is no user of this world", quoted(&guest.user.it));
            let advice = Some("a guest's `user` reads `tenant/name`".to_owned());
            faults.advise(guest.user.at, message, advice);
        }
        account
    }
}

impl Members {
    fn of(tenant: &Tenant, taken: &mut Taken, faults: &mut Faults) -> Self {
        let name = tenant.name.it.to_lowercase();
        let id = tenant.id.unwrap_or_else(|| TenantId::new(derived("tenant", &[&name])));
        taken.word("tenant", "", &tenant.name, faults);
        taken.word("domain", "", &tenant.domain, faults);
        taken.id("tenant", id.raw(), tenant.name.at, faults);
        let mut members = Self {
            id,
            domain: tenant.domain.it.clone(),
            name,
            users: Vec::new(),
            guests: Vec::new(),
            groups: Vec::new(),
            apps: Vec::new(),
            registered: BTreeMap::new(),
            by_name: BTreeMap::new(),
        };
        for user in &tenant.users {
            let member = members.join("user", &user.name, user.id, taken, faults);
            members.call(member, &[format!("{}@{}", user.name.it, members.domain)]);
            if let Some(word) = &user.sign_in_name {
                members.call(member, std::slice::from_ref(&word.it));
            }
            members.users.push(member);
        }
        for group in &tenant.groups {
            let member = members.join("group", &group.name, group.id, taken, faults);
            members.groups.push(member);
        }
        for app in &tenant.apps {
            let registered = app.of.is_none().then(|| members.register(app, taken, faults));
            members.apps.push(registered);
        }
        members
    }

    fn register(&mut self, app: &App, taken: &mut Taken, faults: &mut Faults) -> (Member, AppId) {
        let id = app.id.unwrap_or_else(|| derived("app", &[&self.name, &app.name.it]));
        let object = app.object.unwrap_or(ObjectId::new(id));
        let member = self.join("app", &app.name, Some(object), taken, faults);
        let app_id = app.client.unwrap_or(AppId::new(id));
        taken.id("app", app_id.raw(), app.name.at, faults);
        if app.has_service_principal {
            self.call(member, &[app_id.to_string()]);
        } else {
            self.unname(member);
        }
        self.registered.insert(app.name.it.to_lowercase(), app_id);
        (member, app_id)
    }

    fn join(
        &mut self,
        what: &'static str,
        name: &Word,
        id: Option<ObjectId>,
        taken: &mut Taken,
        faults: &mut Faults,
    ) -> Member {
        let object = id.unwrap_or_else(|| ObjectId::new(derived(what, &[&self.name, &name.it])));
        let member = Member { principal: Principal { tenant: self.id, object }, what };
        if taken.name(what, self.id, name, faults) {
            taken.object(member.principal, name.at, faults);
        }
        self.call(member, &[name.it.clone(), format!("{}/{}", self.name, name.it)]);
        member
    }

    fn call(&mut self, member: Member, names: &[String]) {
        for name in names {
            self.by_name.entry(name.to_lowercase()).or_default().insert(member);
        }
    }

    /// An application without a service principal is nobody who could be referred to.
    fn unname(&mut self, member: Member) {
        for members in self.by_name.values_mut() {
            members.remove(&member);
        }
    }

    /// Whether somebody of that tenant has the object id.
    fn has(&self, object: ObjectId) -> bool {
        self.by_name.values().flatten().any(|member| member.principal.object == object)
    }

    fn candidates(&self, text: &str) -> Vec<Member> {
        let text = text.to_lowercase();
        let mut found = self.by_name.get(&text).cloned().unwrap_or_default();
        if let Ok(object) = text.parse::<ObjectId>() {
            let everyone = self.by_name.values().flatten();
            found.extend(everyone.filter(|member| member.principal.object == object));
        }
        found.into_iter().collect()
    }

    pub(super) fn user(&self, nth: usize) -> Option<Member> {
        self.users.get(nth).copied()
    }

    pub(super) fn group(&self, nth: usize) -> Option<Member> {
        self.groups.get(nth).copied()
    }

    pub(super) fn app(&self, nth: usize) -> Option<(Member, AppId)> {
        self.apps.get(nth).copied().flatten()
    }

    /// The tenant's name, folded, as derived ids use it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}
