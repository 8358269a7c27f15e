//! Whether an application may have a token of somebody who manages the directory.
//!
//! Nobody is asked for consent, and a token opens all that its owner may. So whoever registers
//! ordinary applications could have a Global Administrator sign in to one, and would hold more
//! than they were ever given. An application that manages the directory itself is out of their
//! reach, as are Azure's own clients.

use ids::guid::{AppId, RoleId};
use model::directory_role;

use crate::{
    client::is_first_party,
    refusal::{Refused, quoted},
    resource::Requested,
};

/// Which of the two manage the directory that a token is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Managing {
    pub person: bool,
    pub client: bool,
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
    managing: Managing,
) -> Result<Requested, Refused> {
    if !managing.person || managing.client || is_first_party(app) {
        return Ok(requested);
    }
    if requested.named {
        return Err(Refused::ConsentRequired { app, name: quoted(name) });
    }
    Ok(requested.of_the_client(app))
}

#[cfg(test)]
mod tests {
    use model::directory_role::{ALL, DIRECTORY_READERS};
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
        let cases = [
            ("nobody in particular", app, (false, false), arm, Ok(Api::Arm)),
            ("an application that manages", app, (true, true), graph, Ok(Api::Graph)),
            ("Azure's own", AZURE_CLI, (true, false), graph, Ok(Api::Graph)),
            ("ARM, where people elevate themselves", app, (true, false), arm, refused()),
            ("Graph", app, (true, false), graph, refused()),
            ("nothing in particular", app, (true, false), "openid", Ok(Api::Client)),
        ];
        for (name, client, (person, of_client), scope, expected) in cases {
            let requested = for_user(scope, &apis).unwrap();
            let managing = Managing { person, client: of_client };
            let given = given((client, "notes"), requested, managing).map(|it| it.api);
            assert_eq!(given, expected, "{name}");
        }
    }
}
