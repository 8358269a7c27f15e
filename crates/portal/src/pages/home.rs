//! *Overview*: what waits for whoever opens it, and where everything is.

mod figures;

use askama::Template;

use self::figures::Side;
use super::says;
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::{Frame, Group},
    table::{Row, page},
};

pub(super) const ROWS: &[Row] = &[page("/", home).for_anyone()];

/// A place of the navigation, and what is there.
struct Described {
    name: String,
    path: String,
    says: &'static str,
}

/// What belongs together in the navigation.
struct Area {
    name: &'static str,
    places: Vec<Described>,
}

#[derive(Template)]
#[template(path = "home.html")]
struct View {
    frame: Frame,
    /// What there is, by the part that the visitor has in it.
    sides: Vec<Side>,
    areas: Vec<Area>,
}

fn home(ask: Ask) -> Answered {
    Box::pin(async move {
        let sides = match ask.visitor {
            Some(_) => figures::all(&ask).await?,
            None => Vec::new(),
        };
        let mut frame = ask.frame("Overview").await?;
        if frame.person.is_some() {
            frame = frame.command(
                "List the subscriptions that you see, and whose they are",
                "az account list --refresh --query '[].{Name:name,Subscription:id,Home:homeTenantId,ManagedBy:managedByTenants[].tenantId}' --output json",
            );
        }
        let areas = frame.groups.iter().map(area).collect();
        Answer::page(&View { frame, sides, areas })
    })
}

fn area(it: &Group) -> Area {
    let described = |it: &crate::frame::Place| Described {
        name: it.name.clone(),
        says: says(&it.path),
        path: it.path.clone(),
    };
    Area { name: it.name, places: it.places.iter().map(described).collect() }
}

#[cfg(test)]
mod tests {
    use crate::pages::{navigation, says};

    #[test]
    fn every_place_of_the_navigation_says_what_it_is_for() {
        let places = navigation("").into_iter().flat_map(|it| it.places);
        for place in places {
            let said = says(&place.path);
            assert!(said.ends_with('.') && said.len() < 90, "{}: {said}", place.path);
        }
    }
}
