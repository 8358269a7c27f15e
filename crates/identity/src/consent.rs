//! Whether an application may have a token of somebody who manages the directory.
//!
//! Nobody is asked for consent, and a token opens all that its owner may. So whoever registers
//! ordinary applications could have a Global Administrator sign in to one, and would hold more
//! than they were ever given. An application that holds itself whatever its user manages gains nothing by
//! them, and Azure's own clients are in nobody's hands.

use ids::guid::{AppId, RoleId};
use model::directory_role::{self, GLOBAL_ADMINISTRATOR};

use crate::{
    client::is_first_party,
    refusal::{Refused, quoted},
    resource::Requested,
};

/// The roles that the two hold in the directory that a token is of.
#[derive(Clone, Copy, Debug)]
pub struct Managing<'a> {
    pub person: &'a [RoleId],
    pub client: &'a [RoleId],
}

impl Managing<'_> {
    /// Whether the client manages by itself all that the person does. To hold some role is not
    /// enough: it may have been given to what somebody with less power has secrets of.
    fn is_level(self) -> bool {
        let mut managed = self.person.iter().filter(|role| manages(**role));
        self.client.contains(&GLOBAL_ADMINISTRATOR)
            || managed.all(|role| self.client.contains(role))
    }
}

/// Whether a directory role lets its holder do more than look. Who may come into groups, or give
/// people passwords, may come to hold anything that is given to groups and people; a role that
/// nobody knows counts, too.
pub fn manages(role: RoleId) -> bool {
    let changes = |action: &&str| !action.ends_with("/read");
    directory_role::find(role).is_none_or(|role| role.actions.iter().any(changes))
}

/// What the client of that id and name gets of what it asked for. Where it may open nothing, it
/// still learns who signed in.
pub fn given(
    (app, name): (AppId, &str),
    requested: Requested,
    managing: Managing<'_>,
) -> Result<Requested, Refused> {
    if managing.is_level() || is_first_party(app) {
        return Ok(requested);
    }
    if requested.named {
        return Err(Refused::ConsentRequired { app, name: quoted(name) });
    }
    Ok(requested.of_the_client(app))
}

#[cfg(test)]
mod tests {
    use model::directory_role::{
        ALL, APPLICATION_ADMINISTRATOR, DIRECTORY_READERS, USER_ADMINISTRATOR,
    };
    use uuid::Uuid;

    use super::*;
    use crate::{
        client::AZURE_CLI,
        resource::{Api, Apis, for_user},
    };

    #[test]
    fn every_role_manages_but_the_one_that_only_reads_and_an_unknown_one_counts_as_such() {
        for role in &ALL {
            assert_eq!(manages(role.id), role.id != DIRECTORY_READERS, "{}", role.name);
        }
        assert!(manages(RoleId::new(Uuid::nil())));
    }

    #[test]
    fn what_manages_the_directory_is_in_the_hands_of_nothing_that_does_not() {
        let app = AppId::new(Uuid::from_u128(0xA99));
        let apis = Apis::new("https://localhost:8443", "https://localhost:8444");
        let refused = || Err(Refused::ConsentRequired { app, name: "notes".to_owned() });
        let (arm, graph) = ("https://localhost:8443/.default", "https://localhost:8444/User.Read");
        let (global, apps, people) =
            (GLOBAL_ADMINISTRATOR, APPLICATION_ADMINISTRATOR, USER_ADMINISTRATOR);
        let cases = [
            ("nobody in particular", app, vec![DIRECTORY_READERS], vec![], arm, Ok(Api::Arm)),
            ("whoever manages as much", app, vec![apps], vec![apps], graph, Ok(Api::Graph)),
            ("whoever manages everything", app, vec![people], vec![global], arm, Ok(Api::Arm)),
            ("whoever manages less", app, vec![global], vec![apps, people], graph, refused()),
            ("whoever manages else", app, vec![people, apps], vec![apps], graph, refused()),
            ("Azure's own", AZURE_CLI, vec![global], vec![], graph, Ok(Api::Graph)),
            ("ARM, where people elevate themselves", app, vec![global], vec![], arm, refused()),
            ("Graph", app, vec![global], vec![], graph, refused()),
            ("nothing in particular", app, vec![global], vec![], "openid", Ok(Api::Client)),
        ];
        for (name, client, person, of_client, scope, expected) in cases {
            let requested = for_user(scope, &apis).unwrap();
            let managing = Managing { person: &person, client: &of_client };
            let given = given((client, "notes"), requested, managing).map(|it| it.api);
            assert_eq!(given, expected, "{name}");
        }
    }
}
