//! The nouns of a tenant and of who is in it.

use document::place::{Position, Word};
use ids::guid::{AppId, Principal};
use model::{
    change::Noun,
    directory::{self, Audience, Holder, Membership, Profile, ServicePrincipalKind, UserKind},
    ownership::{Owned, Ownership},
    role::PrincipalType,
};

use crate::{
    declared::{App, Group, Tenant, User},
    names::derived,
    resolve::{
        Scene,
        members::{GuestAccount, Members},
        registration,
    },
    world::{Chosen, Plain, Seeded},
};

/// What is found of one tenant while its members are looked at.
#[derive(Default)]
struct Found {
    nouns: Vec<Noun>,
    places: Vec<Position>,
    secrets: Vec<Chosen>,
    seeds: Vec<Seeded>,
}

impl Found {
    fn declare(&mut self, at: Position, noun: Noun) {
        self.nouns.push(noun);
        self.places.push(at);
    }
}

impl Scene<'_, '_> {
    pub(super) fn directory(&mut self, nth: usize, declared: &Tenant) {
        let Some(members) = self.directory.tenant(nth) else { return };
        let mut found = Found::default();
        found.declare(declared.name.at, tenant(members, declared));
        for (at, it) in declared.users.iter().enumerate() {
            if let Some(member) = members.user(at) {
                user(members, member.principal, it, &mut found);
            }
        }
        for (guest, it) in members.guests.iter().zip(&declared.guests) {
            if let Some(account) = guest {
                found.declare(it.user.at, self::guest(account));
            }
        }
        for (at, it) in declared.groups.iter().enumerate() {
            if let Some(member) = members.group(at) {
                found.declare(it.name.at, group(member.principal, it));
            }
        }
        for (at, it) in declared.apps.iter().enumerate() {
            if let Some((member, id)) = members.app(at) {
                let audience = it.audience.unwrap_or_else(|| self.directory.audience(id));
                app(members, (member.principal, id, audience), it, &mut found);
                for (at, it) in registration::credentials(members, id, it, self.faults) {
                    found.declare(at, Noun::Credential(it));
                }
            }
        }
        self.nouns.append(&mut found.nouns);
        self.places.append(&mut found.places);
        self.secrets.append(&mut found.secrets);
        self.seeds.append(&mut found.seeds);
    }

    /// Who is in which group, and who owns what; after the resources, whose identities may.
    pub(super) fn memberships(&mut self, nth: usize, declared: &Tenant) {
        for (at, it) in declared.groups.iter().enumerate() {
            self.members_of(nth, at, it);
            let group = self.directory.tenant(nth).and_then(|members| members.group(at));
            if let Some(group) = group {
                self.owners_of(nth, Owned::Group(group.principal), &it.owners);
            }
        }
        for (at, it) in declared.apps.iter().enumerate() {
            let Some(members) = self.directory.tenant(nth) else { return };
            let Some((member, app)) = members.app(at) else { continue };
            let registered = Owned::Application(members.id, app);
            self.owners_of(nth, registered, &it.owners);
            self.owners_of(nth, Owned::ServicePrincipal(member.principal), &it.principal_owners);
        }
    }

    fn owners_of(&mut self, nth: usize, owned: Owned, declared: &[Word]) {
        let mut seen = Vec::new();
        for word in declared {
            let Some(owner) = self.directory.find(nth, word, self.faults) else { continue };
            if owner.kind() == PrincipalType::Group {
                self.faults.add(word.at, "a group owns nothing");
            } else if seen.contains(&owner) {
                self.faults.add(word.at, format!("`{}` is an owner already", word.it));
            } else {
                seen.push(owner);
                let owner = owner.principal.object;
                self.declare(word.at, Noun::Ownership(Ownership { owned, owner }));
            }
        }
    }

    fn members_of(&mut self, nth: usize, at: usize, declared: &Group) {
        let group = self.directory.tenant(nth).and_then(|members| members.group(at));
        let Some(group) = group else { return };
        let mut seen = Vec::new();
        for word in &declared.members {
            let Some(member) = self.directory.find(nth, word, self.faults) else { continue };
            if member == group {
                self.faults.add(word.at, "a group is no member of itself");
            } else if seen.contains(&member.principal) {
                self.faults.add(word.at, format!("`{}` is a member already", word.it));
            } else {
                seen.push(member.principal);
                let member = member.principal.object;
                let membership = Membership { group: group.principal, member };
                self.declare(word.at, Noun::Membership(membership));
            }
        }
    }
}

fn tenant(members: &Members, declared: &Tenant) -> Noun {
    Noun::Tenant(directory::Tenant {
        id: members.id,
        display_name: declared.display_name.as_ref().unwrap_or(&declared.name.it).clone(),
        domain: members.domain.clone(),
        country: declared.country.clone(),
    })
}

fn user(members: &Members, principal: Principal, declared: &User, found: &mut Found) {
    let by_name =
        || format!("{}@{}", declared.name.it.to_lowercase().replace(' ', "."), members.domain);
    let sign_in_name = declared.sign_in_name.as_ref().map(|word| word.it.clone());
    let user = Noun::User(directory::User {
        principal,
        user_principal_name: sign_in_name.unwrap_or_else(by_name),
        display_name: declared.display_name.as_ref().unwrap_or(&declared.name.it).clone(),
        enabled: declared.enabled,
        kind: UserKind::Member,
        profile: Profile::default(),
    });
    found.declare(declared.name.at, user);
    found.secrets.extend(declared.password.iter().map(|plain| Chosen {
        holder: Holder::User(principal),
        key: principal.object.raw(),
        display_name: "password".to_owned(),
        plain: Plain(plain.clone()),
        expires: None,
    }));
    let seeds = declared.totp.iter().map(|seed| Seeded { whose: principal, seed: seed.clone() });
    found.seeds.extend(seeds);
}

fn guest(guest: &GuestAccount) -> Noun {
    Noun::User(directory::User {
        principal: guest.member.principal,
        user_principal_name: guest.sign_in_name.clone(),
        display_name: guest.display_name.clone(),
        enabled: guest.enabled,
        kind: UserKind::Guest { home: guest.home },
        profile: Profile::default(),
    })
}

fn group(principal: Principal, declared: &Group) -> Noun {
    let display_name = declared.display_name.as_ref().unwrap_or(&declared.name.it).clone();
    Noun::Group(directory::Group {
        principal,
        display_name,
        kind: declared.kind,
        description: None,
        mail_nickname: None,
    })
}

fn app(
    members: &Members,
    (principal, app, audience): (Principal, AppId, Audience),
    declared: &App,
    found: &mut Found,
) {
    let display_name = declared.display_name.as_ref().unwrap_or(&declared.name.it).clone();
    if declared.of.is_none() {
        let object = declared.application_object.unwrap_or(principal.object);
        let application = directory::Application {
            audience,
            redirects: declared.redirects.clone().unwrap_or_default(),
            ..directory::Application::new(members.id, app, object, display_name.clone())
        };
        found.declare(declared.name.at, Noun::Application(application));
    }
    if declared.has_service_principal {
        let service = Noun::ServicePrincipal(directory::ServicePrincipal {
            principal,
            app,
            display_name,
            enabled: declared.enabled,
            kind: ServicePrincipalKind::Application,
        });
        found.declare(declared.name.at, service);
    }
    found.secrets.extend(declared.secret.iter().map(|plain| Chosen {
        holder: Holder::Application(members.id, app),
        key: derived("secret", &[members.name(), &declared.name.it]),
        display_name: "world file".to_owned(),
        plain: Plain(plain.clone()),
        expires: None,
    }));
    found.secrets.extend(declared.secrets.iter().map(|secret| Chosen {
        holder: Holder::Application(members.id, app),
        key: derived("secret", &[members.name(), &declared.name.it, &secret.name.it]),
        display_name: secret.name.it.clone(),
        plain: Plain(secret.value.clone()),
        expires: secret.expires,
    }));
}
