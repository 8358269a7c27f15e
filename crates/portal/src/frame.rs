//! What stands around every page: navigation, who is signed in and where, what was done last, and
//! how a page is done as a command.

use ids::{guid::TenantId, scope::Scope};
use model::{
    action::Action,
    directory::OPERATORS,
    question::{Question, Via},
};
use operations::{
    activation::waiting::{self, Waiting},
    tenants::{self, Wanted},
};

use crate::{
    ask::{Ask, Theme},
    assets::{PATHS, Paths},
    pages,
    trouble::Trouble,
    words::Moment,
};

/// Where the person's choice of light or dark is kept.
pub(crate) const THEME: &str = "__Host-fyr-theme";

/// A link in the navigation or the crumbs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) path: String,
    /// Whether the page is here, or below.
    pub(crate) is_here: bool,
}

/// What belongs together in the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) places: Vec<Place>,
}

/// A directory that the person may switch to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Directory {
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) id: String,
    pub(crate) is_here: bool,
}

/// Whoever is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) name: String,
    /// The sign-in name, where they are at home.
    pub(crate) sign_in: String,
    pub(crate) directories: Vec<Directory>,
    /// The name of the directory where they are.
    pub(crate) directory: String,
}

/// What a person did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) words: String,
    pub(crate) at: Moment,
    /// Whether it stands at the top of this page.
    pub(crate) is_new: bool,
}

/// How the same is done on a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// What it does: *List what is delegated here*.
    pub(crate) does: String,
    pub(crate) line: String,
}

/// The frame of one page.
pub(crate) struct Frame {
    pub(crate) title: String,
    /// What the page itself is called behind its crumbs.
    pub(crate) crumb: String,
    pub(crate) groups: Vec<Group>,
    pub(crate) crumbs: Vec<Place>,
    pub(crate) person: Option<Person>,
    /// What forms carry back.
    pub(crate) csrf: String,
    pub(crate) theme: Theme,
    pub(crate) notes: Vec<Note>,
    /// How many requests wait for the person's word.
    pub(crate) waiting: usize,
    pub(crate) commands: Vec<Command>,
    /// Where the page itself is, to come back to: its path and query.
    pub(crate) here: String,
    /// Its path alone.
    pub(crate) path: String,
    pub(crate) assets: &'static Paths,
}

impl Frame {
    /// How much the notifications hold.
    pub(crate) fn told(&self) -> usize {
        self.notes.len().saturating_add(self.waiting)
    }

    /// The same for a page about something of that name, as Azure's portal heads it: `NAME | TITLE`.
    #[must_use]
    pub(crate) fn about(mut self, name: &str) -> Self {
        self.title = format!("{name}\u{a0}| {}", self.title);
        self
    }

    /// The same, called so behind its crumbs.
    #[must_use]
    pub(crate) fn called(mut self, name: String) -> Self {
        self.crumb = name;
        self
    }

    /// The same below those pages.
    #[must_use]
    pub(crate) fn below(mut self, name: impl Into<String>, path: impl ToString) -> Self {
        self.crumbs.push(Place { name: name.into(), path: path.to_string(), is_here: false });
        self
    }

    /// The same with a command that does what the page does or shows.
    #[must_use]
    pub(crate) fn command(mut self, does: impl Into<String>, line: impl Into<String>) -> Self {
        self.commands.push(Command { does: does.into(), line: line.into() });
        self
    }
}

impl Ask {
    /// The frame of a page with that title.
    pub(crate) async fn frame(&self, title: impl Into<String>) -> Result<Frame, Trouble> {
        let mut frame = self.bare(title);
        let Some(visitor) = &self.visitor else { return Ok(frame) };
        let now = self.plane().store.now();
        frame.person = Some(self.person().await?);
        if visitor.principal().tenant == OPERATORS {
            frame.groups = pages::navigation(&self.path);
        }
        frame.csrf.clone_from(&visitor.session.csrf);
        let notes = visitor.session.notices.iter();
        frame.notes = notes
            .map(|it| Note {
                words: it.words.clone(),
                at: Moment::new(it.at, now),
                is_new: !it.is_seen,
            })
            .collect();
        frame.waiting = self.waiting().await?.all();
        self.surface.sessions.seen(&visitor.cookie);
        Ok(frame)
    }

    /// What waits for the visitor's word.
    pub(crate) async fn waiting(&self) -> Result<Waiting, Trouble> {
        let here = Scope::Tenant(self.visitor()?.principal().tenant);
        let action = Action::named("Microsoft.Authorization/roleAssignmentApprovals/read");
        let context = self.context("GET", Question::any(action, here))?;
        Ok(waiting::count(self.plane(), &context).await?)
    }

    /// The frame of a page that knows nobody.
    pub(crate) fn bare(&self, title: impl Into<String>) -> Frame {
        let title = title.into();
        Frame {
            crumb: title.clone(),
            title,
            groups: pages::navigation(&self.path)
                .into_iter()
                .filter(|it| it.name != pages::partner::OPERATORS)
                .collect(),
            crumbs: Vec::new(),
            person: None,
            csrf: String::new(),
            theme: self.theme,
            notes: Vec::new(),
            waiting: 0,
            commands: Vec::new(),
            here: self.here.clone(),
            path: self.path.clone(),
            assets: &PATHS,
        }
    }

    async fn person(&self) -> Result<Person, Trouble> {
        let visitor = self.visitor()?;
        let here = visitor.principal().tenant;
        let asked = Question {
            action: Action::named("Microsoft.Resources/tenants/read"),
            scope: Scope::Tenant(here),
            via: Via::Any,
        };
        let context = self.context("GET", asked)?;
        let tenants = tenants::list(self.plane(), &context, Wanted::Home).await?;
        let directory = |id: TenantId, name: String, domain: String| Directory {
            is_here: id == here,
            id: id.to_string(),
            name,
            domain,
        };
        let directories: Vec<_> = tenants
            .into_iter()
            .map(|(it, _)| directory(it.id, it.display_name, it.domain))
            .collect();
        let is_here = |it: &&Directory| it.is_here;
        Ok(Person {
            name: visitor.account.local.display_name.clone(),
            sign_in: visitor.account.home.user_principal_name.clone(),
            directory: directories
                .iter()
                .find(is_here)
                .map(|it| it.name.clone())
                .unwrap_or_default(),
            directories,
        })
    }
}
