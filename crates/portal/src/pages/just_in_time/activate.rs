//! Asking for a role: for how long, from when on, and why. What is asked for beside that stands on
//! the page, and what is missing beside its field.

mod filled;

use arm::{
    failure::Failure,
    request::Method::{Get, Put},
};
use askama::Template;
use axum::http::StatusCode;
use ids::scope::Scope;
use model::activation::policy::Proof;
use operations::{
    activation::{Shown, ask as asking, called::About, eligibility::Eligible},
    error::Error,
    groups::read as groups,
    page::page,
};

use self::filled::{Filled, Wrong, wrongs};
use super::{
    Link, REQUESTS, VERSION, below,
    told::{Names, Place, asks, ends, lengths, longest},
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    pages::sign_in,
    permissions::role_name,
    trouble::Trouble,
    words::{Id, quoted},
};

/// As many resource groups as are offered.
const GROUPS_MAX: usize = 100;

/// What somebody without a second factor is told.
struct Factor {
    /// Where an authenticator is set up.
    set_up: String,
}

#[derive(Template)]
#[template(path = "just-in-time/activate.html")]
struct View {
    frame: Frame,
    role: String,
    place: Place,
    customer: String,
    customer_id: Option<Id>,
    asks: Vec<String>,
    longest: String,
    lengths: Vec<(u32, String)>,
    /// The resource groups to choose from; none where the delegation is of one.
    groups: Option<Vec<String>>,
    filled: Filled,
    wrongs: Vec<Wrong>,
    /// What keeps it from being asked for that is about no field.
    refusal: Option<String>,
    factor: Option<Factor>,
    wants_justification: bool,
    wants_ticket: bool,
    back: String,
}

impl View {
    /// What is wrong with a field.
    fn wrong(&self, field: &str) -> Option<&str> {
        self.wrongs.iter().find(|it| it.field == field).map(|it| it.words.as_str())
    }
}

/// What came of the form.
#[derive(Default)]
struct Back {
    wrongs: Vec<Wrong>,
    refusal: Option<String>,
}

/// What the query names, if the visitor may activate it.
async fn wanted(ask: &Ask) -> Result<Eligible, Trouble> {
    let scope = ask.named_scope()?;
    let name = ask.query.get("of").unwrap_or_default();
    let mut found = ask.eligible(&scope).await?.into_iter();
    let is_it = |it: &Eligible| *it.scope() == scope && it.eligibility.name().to_string() == name;
    found.find(is_it).ok_or(Trouble::Nothing)
}

pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = wanted(&ask).await?;
        let cookie = &ask.visitor()?.cookie;
        let left = ask.surface.sessions.resume(cookie, &ask.here);
        let filled = match left {
            Some(fields) => Filled::of(&fields),
            None => Filled::blank(found.demands.minutes_max),
        };
        view(&ask, &found, filled, (StatusCode::OK, Back::default())).await
    })
}

pub(super) fn send(ask: Ask) -> Answered {
    Box::pin(async move {
        let found = wanted(&ask).await?;
        if ask.form.get("do") == Some("factor") {
            let visitor = ask.visitor()?;
            let (page, fields) = (ask.here.clone(), ask.form.clone());
            ask.surface.sessions.leave(&visitor.cookie, page, fields);
            let name = &visitor.account.home.user_principal_name;
            return Ok(Answer::To(sign_in::stronger(&ask.here, name)));
        }
        let filled = Filled::of(&ask.form);
        match asked(&ask, &found, &filled).await {
            Ok(shown) => Ok(done(&ask, &shown)),
            Err((status, back)) => view(&ask, &found, filled, (status, back)).await,
        }
    })
}

/// Asks for it, as the API does.
async fn asked(ask: &Ask, found: &Eligible, filled: &Filled) -> Result<Shown, (StatusCode, Back)> {
    let bad = |wrongs| (StatusCode::BAD_REQUEST, Back { wrongs, refusal: None });
    let (plane, now) = (ask.plane(), ask.plane().store.now());
    let who = ask.visitor().map_err(|it| told(&it))?.principal().object;
    let wish = filled.wish(found, (who, plane.random.uuid())).map_err(bad)?;
    let path = below(wish.request.id.scope(), &format!("{REQUESTS}/{}", wish.request.id.name()));
    let work = async |context| asking::ask(plane, &context, wish).await;
    match ask.arm((Put, path, VERSION), work).await {
        Ok(shown) => Ok(shown),
        Err(Trouble::Refused(Failure::Operation(Error::Activation(refused)))) => {
            let wrongs = wrongs(&refused, filled, (&found.demands, now));
            let refusal = wrongs.is_empty().then(|| refused.to_string());
            Err((StatusCode::BAD_REQUEST, Back { wrongs, refusal }))
        }
        Err(other) => Err(told(&other)),
    }
}

/// A refusal that is about no field.
fn told(trouble: &Trouble) -> (StatusCode, Back) {
    let told = trouble.told();
    (told.status, Back { wrongs: Vec::new(), refusal: Some(told.words) })
}

fn done(ask: &Ask, shown: &Shown) -> Answer {
    use activation::standing::Standing;
    let role = role_name(shown.it.eligibility.role);
    let until = ends(shown).map(|at| at.strftime("%Y-%m-%d %H:%M UTC").to_string());
    let until = until.unwrap_or_default();
    match shown.standing {
        Standing::Active => ask.done(format!("{role} is active until {until}."), Link::Active),
        Standing::Scheduled => {
            ask.done(format!("{role} is scheduled, and ends at {until}."), Link::Active)
        }
        Standing::Pending => {
            ask.done(format!("{role} is asked for: somebody decides by {until}."), Link::Requests)
        }
        Standing::TimedOut
        | Standing::Expired
        | Standing::Denied
        | Standing::Cancelled
        | Standing::Deactivated
        | Standing::Revoked => ask.done(format!("{role} was asked for."), Link::Requests),
    }
}

/// The resource groups in the delegation, as far as the visitor sees them.
async fn inner(ask: &Ask, scope: &Scope) -> Result<Option<Vec<String>>, Trouble> {
    let Scope::Subscription(id) = *scope else { return Ok(None) };
    let plane = ask.plane();
    let request = (Get, format!("/subscriptions/{id}/resourceGroups"), "2021-04-01");
    let work =
        async |context| groups::list(plane, &context, id, page(None, Some(GROUPS_MAX))).await;
    match ask.arm(request, work).await {
        Ok(found) => Ok(Some(found.items.into_iter().map(|it| it.name.to_string()).collect())),
        Err(Trouble::Refused(_)) => Ok(Some(Vec::new())),
        Err(other) => Err(other),
    }
}

async fn view(
    ask: &Ask,
    found: &Eligible,
    filled: Filled,
    (status, back): (StatusCode, Back),
) -> Result<Answer, Trouble> {
    let about = About::eligible(ask.plane(), found);
    let names = Names::of(ask, std::slice::from_ref(&about), []).await?;
    let role = role_name(found.eligibility.role);
    let demands = &found.demands;
    let visitor = ask.visitor()?;
    let is_strong = visitor.caller().multiple_factors().is_some();
    let is_missed = demands.proofs.contains(&Proof::SecondFactor)
        || back.wrongs.iter().any(|it| it.field == "factor");
    let factor = (is_missed && !is_strong)
        .then(|| Factor { set_up: format!("{}/common/security-info", ask.plane().origins.login) });
    let (who, scope) = (visitor.principal().object, about.scope());
    let url = format!("{scope}{REQUESTS}/$(uuidgen)?api-version={VERSION}");
    let body = quoted(&filled.body(found, who).to_string());
    let frame = ask
        .under_roles(format!("Activate {role}"))
        .await?
        .command("Ask for it", format!("az rest --method put --url \"{url}\" --body {body}"));
    let view = View {
        frame,
        place: names.place(scope),
        customer: about.customer().map(|id| names.tenant(id)).unwrap_or_default(),
        customer_id: about.customer().map(Id::from),
        asks: asks(&names, &about, demands),
        longest: longest(found),
        lengths: lengths(demands.minutes_max),
        groups: inner(ask, scope).await?,
        filled,
        wrongs: back.wrongs,
        refusal: back.refusal,
        factor,
        wants_justification: demands.proofs.contains(&Proof::Justification),
        wants_ticket: demands.proofs.contains(&Proof::Ticket),
        back: Link::Eligible.to_string(),
        role,
    };
    Answer::with(status, &view)
}
