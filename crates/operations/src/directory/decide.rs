//! What may stand in a directory: facts in, verdict out.

use ids::guid::ObjectId;
use model::{
    action::Action,
    directory::{GroupKind, Tenant},
    directory_role::{self, DirectoryRoleAssignment, Reach},
};

use super::{Refused, objects::Kind};

/// Entra's bounds on a sign-in name: before the `@`, and in all.
const LOCAL_CHARS_MAX: usize = 64;
const SIGN_IN_NAME_CHARS_MAX: usize = 113;
/// Entra's bound on names that people see.
const DISPLAY_NAME_CHARS_MAX: usize = 256;
/// The longest other text.
const TEXT_CHARS_MAX: usize = 1_024;
/// Entra's bounds on a password.
const PASSWORD_CHARS: std::ops::RangeInclusive<usize> = 8..=256;
/// So many of the four kinds of characters a password must have.
const PASSWORD_KINDS_MIN: usize = 3;

/// Whether people may sign in by that name at the tenant.
pub fn sign_in_name(name: &str, tenant: &Tenant) -> Result<(), Refused> {
    let malformed = |why| Refused::Invalid("userPrincipalName", why);
    let (local, domain) = name.rsplit_once('@').ok_or(malformed("it must read name@domain"))?;
    if !domain.eq_ignore_ascii_case(&tenant.domain) {
        return Err(Refused::ForeignDomain);
    }
    let legal = |c: char| c.is_ascii_alphanumeric() || "._-'!^~".contains(c);
    let fits = (1..=LOCAL_CHARS_MAX).contains(&local.len()) && name.len() <= SIGN_IN_NAME_CHARS_MAX;
    let dotted = local.starts_with('.') || local.ends_with('.');
    if !fits || dotted || !local.chars().all(legal) {
        return Err(malformed(
            "before the @ stand 1 to 64 letters, digits and . _ - ' ! ^ ~, no dot first or last",
        ));
    }
    Ok(())
}

/// Whether something may be called that.
pub fn display_name(name: &str) -> Result<(), Refused> {
    let fits = (1..=DISPLAY_NAME_CHARS_MAX).contains(&name.chars().count());
    if fits && !name.chars().any(char::is_control) && !name.trim().is_empty() {
        return Ok(());
    }
    Err(Refused::Invalid(
        "displayName",
        "it has 1 to 256 characters, none of them control characters",
    ))
}

/// Whether a text that decides nothing may be kept.
pub fn text(property: &'static str, text: Option<&String>) -> Result<(), Refused> {
    let bad = |text: &&String| {
        text.chars().count() > TEXT_CHARS_MAX || text.chars().any(|c| c.is_control() && c != '\n')
    };
    match text.filter(bad) {
        Some(_) => {
            Err(Refused::Invalid(property, "it has at most 1024 characters, no control characters"))
        }
        None => Ok(()),
    }
}

/// Whether a password is long enough, and of enough kinds of characters.
pub fn password(password: &str) -> Result<(), Refused> {
    let kinds: [fn(char) -> bool; 4] =
        [|c| c.is_lowercase(), |c| c.is_uppercase(), |c| c.is_numeric(), |c| !c.is_alphanumeric()];
    let found = kinds.iter().filter(|kind| password.chars().any(kind)).count();
    let fits = PASSWORD_CHARS.contains(&password.chars().count());
    if fits && found >= PASSWORD_KINDS_MIN { Ok(()) } else { Err(Refused::WeakPassword) }
}

/// What an object is before it becomes a member of a group of that kind.
pub fn member(group: ObjectId, kind: GroupKind, member: (ObjectId, Kind)) -> Result<(), Refused> {
    let (object, is) = member;
    if object == group {
        return Err(Refused::NotAMember("group"));
    }
    match (kind, is) {
        (
            GroupKind::Security,
            Kind::User | Kind::Group(GroupKind::Security) | Kind::ServicePrincipal,
        )
        | (GroupKind::Microsoft365, Kind::User) => Ok(()),
        (GroupKind::Security, Kind::Group(GroupKind::Microsoft365)) => {
            Err(Refused::NotAMember("Microsoft 365 group"))
        }
        (GroupKind::Microsoft365, Kind::Group(_)) => Err(Refused::NotAMember("group")),
        (GroupKind::Microsoft365, Kind::ServicePrincipal) => {
            Err(Refused::NotAMember("service principal"))
        }
    }
}

/// What it takes to change the account of whoever holds these, beside the leave for the change: a
/// role that nobody knows may be any.
pub fn guards(held: &[DirectoryRoleAssignment]) -> Vec<Action> {
    let reach = |it: &DirectoryRoleAssignment| {
        directory_role::find(it.role).map_or(Reach::GlobalAdministrators, |role| role.reach)
    };
    let mut guards: Vec<Action> = held.iter().filter_map(|it| reach(it).leave()).collect();
    guards.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
    guards.dedup();
    guards
}

/// Whether whoever holds these may change anything in the directory.
pub fn may_change(held: &[DirectoryRoleAssignment]) -> bool {
    let changes = |it: &DirectoryRoleAssignment| {
        let role = directory_role::find(it.role);
        role.is_none_or(|role| role.actions.iter().any(|action| !action.ends_with("/read")))
    };
    held.iter().any(changes)
}

/// The part of a guest's sign-in name before the tenant's own domain, as Entra makes it of the
/// invited address.
pub fn guest_alias(address: &str) -> Result<String, Refused> {
    let malformed = || Refused::Invalid("invitedUserEmailAddress", "it must be an address");
    let (local, domain) = address.rsplit_once('@').ok_or_else(malformed)?;
    let legal = |c: char| c.is_ascii_alphanumeric() || "._-+'".contains(c);
    let fits = !local.is_empty() && domain.contains('.') && address.len() <= SIGN_IN_NAME_CHARS_MAX;
    if !fits || !address.chars().all(|c| legal(c) || c == '@') || local.contains('@') {
        return Err(malformed());
    }
    Ok(format!("{local}_{domain}#EXT#").to_ascii_lowercase().replace("#ext#", "#EXT#"))
}

#[cfg(test)]
mod tests {
    use ids::guid::RoleId;
    use model::{
        directory_role::{
            APPLICATION_ADMINISTRATOR, AUTHENTICATION_ADMINISTRATOR, DIRECTORY_READERS,
            GLOBAL_ADMINISTRATOR, GROUPS_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR,
            USER_ADMINISTRATOR,
        },
        samples::{self, ADA, CUSTOMER},
    };

    use super::*;

    #[test]
    fn people_sign_in_by_a_plain_name_in_their_own_tenants_domain() {
        let tenant = samples::tenant(CUSTOMER, "contoso");
        for good in ["bob@contoso.example", "bob.o'neil-2@CONTOSO.example"] {
            assert_eq!(sign_in_name(good, &tenant), Ok(()), "{good}");
        }
        for foreign in ["bob@fabrikam.example", "bob@contoso.example.evil", "bob@"] {
            assert_eq!(sign_in_name(foreign, &tenant), Err(Refused::ForeignDomain), "{foreign}");
        }
        let long = format!("{}@contoso.example", "a".repeat(65));
        for bad in [
            "bob",
            "@contoso.example",
            ".b@contoso.example",
            "b#EXT#@contoso.example",
            "b b@contoso.example",
            "b@x@contoso.example",
            &long,
        ] {
            let refused = sign_in_name(bad, &tenant);
            assert!(matches!(refused, Err(Refused::Invalid("userPrincipalName", _))), "{bad}");
        }
    }

    #[test]
    fn a_password_is_long_and_of_three_kinds_of_characters() {
        for good in ["P@ss1234!", "correct Horse 1", "seven APPLES in winter"] {
            assert_eq!(password(good), Ok(()), "{good}");
        }
        let long = format!("aA1{}", "x".repeat(254));
        for bad in ["", "aA1!", "abcdefgh", "abcdefg1", "ABCDEFG1", &long] {
            assert_eq!(password(bad), Err(Refused::WeakPassword), "{bad}");
        }
    }

    #[test]
    fn names_and_texts_are_bounded_and_plain() {
        assert_eq!(display_name("Bob Østby"), Ok(()));
        for bad in ["", "  ", "a\u{7}b", &"x".repeat(257)] {
            assert!(display_name(bad).is_err(), "{bad}");
        }
        assert_eq!(text("jobTitle", None), Ok(()));
        assert_eq!(text("jobTitle", Some(&"Lead".to_owned())), Ok(()));
        assert!(text("jobTitle", Some(&"x".repeat(1_025))).is_err());
        assert!(text("jobTitle", Some(&"a\u{1b}".to_owned())).is_err());
    }

    #[test]
    fn who_may_be_in_which_group() {
        let [group, other] = [1, 2].map(samples::object);
        let (security, unified) = (GroupKind::Security, GroupKind::Microsoft365);
        for (kind, is, allowed) in [
            (security, Kind::User, true),
            (security, Kind::ServicePrincipal, true),
            (security, Kind::Group(security), true),
            (security, Kind::Group(unified), false),
            (unified, Kind::User, true),
            (unified, Kind::Group(security), false),
            (unified, Kind::ServicePrincipal, false),
        ] {
            assert_eq!(member(group, kind, (other, is)).is_ok(), allowed, "{kind:?} {is:?}");
        }
        let itself = member(group, security, (group, Kind::Group(security)));
        assert_eq!(itself, Err(Refused::NotAMember("group")));
    }

    /// Entra's tables of who resets whom, of the roles that there are here.
    #[test]
    fn who_changes_whom_is_as_in_entras_tables_and_an_unknown_role_is_the_highest() {
        let changes = |changing: RoleId, guards: &[Action]| {
            let role = directory_role::find(changing).unwrap();
            let gives = |action: &Action| {
                let is_all = role.actions.contains(&"Fyr.Directory/*");
                is_all || role.actions.contains(&action.as_str())
            };
            guards.iter().all(gives)
        };
        let changing = [GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR, AUTHENTICATION_ADMINISTRATOR];
        let unknown = RoleId::new(uuid::Uuid::nil());
        let cases: [(&[RoleId], [bool; 3]); 10] = [
            (&[], [true, true, true]),
            (&[DIRECTORY_READERS], [true, true, true]),
            (&[GROUPS_ADMINISTRATOR], [true, true, false]),
            (&[USER_ADMINISTRATOR], [true, true, false]),
            (&[AUTHENTICATION_ADMINISTRATOR], [true, false, true]),
            (&[APPLICATION_ADMINISTRATOR], [true, false, false]),
            (&[PRIVILEGED_ROLE_ADMINISTRATOR], [true, false, false]),
            (&[GLOBAL_ADMINISTRATOR], [true, false, false]),
            (&[unknown], [true, false, false]),
            (&[GROUPS_ADMINISTRATOR, AUTHENTICATION_ADMINISTRATOR], [true, false, false]),
        ];
        for (held, expected) in cases {
            let held: Vec<DirectoryRoleAssignment> = held
                .iter()
                .map(|role| DirectoryRoleAssignment { principal: ADA, role: *role })
                .collect();
            let found = changing.map(|it| changes(it, &guards(&held)));
            assert_eq!(found, expected, "{held:?}");
        }
    }

    #[test]
    fn a_guest_is_called_after_the_invited_address() {
        let alias = guest_alias("Ada.B@Fabrikam.example").unwrap();
        assert_eq!(alias, "ada.b_fabrikam.example#EXT#");
        for bad in ["", "ada", "@x.y", "a b@x.y", "a@b@x.y", "a@host", "a\u{202e}@x.y"] {
            assert!(guest_alias(bad).is_err(), "{bad}");
        }
    }
}
