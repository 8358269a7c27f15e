//! *Plan overview*: the plans of an offer, a new one, and one plan's own page with its manifests.

use askama::Template;
use axum::http::StatusCode;
use ids::{
    offer::{OfferId, PlanName},
    version::Version,
};
use market::lint::spelled;
use model::{
    delegation::{Authorization, EligibleAuthorization},
    market::{
        form::{Plan, VersionedManifest, Visibility},
        manifest::Manifest,
        offer::{Distribution, Offer},
    },
};
use operations::market::{IfMatch, offers::save, submissions::lint::Judged};

use super::{
    draft::{Way, judged, market_refusal},
    manifest::called,
    sheet::Said,
    to::{Act, PlanTab, Tab, To},
    top::{State, Top, plan_state},
};
use crate::{
    answer::Answer,
    ask::{Answered, Ask},
    frame::Frame,
    trouble::Trouble,
    words::{Id, counted},
};

/// One plan of the list.
struct Row {
    id: String,
    path: String,
    title: String,
    visibility: &'static str,
    version: String,
    state: State,
}

#[derive(Template)]
#[template(path = "partner/plans.html")]
struct Plans {
    frame: Frame,
    top: Top,
    rows: Vec<Row>,
    rest: Vec<Said>,
    ways: Vec<Way>,
    refusal: Option<String>,
    said: Vec<Said>,
    id: String,
    title: String,
    revision: u64,
}

fn visibility(it: Visibility) -> &'static str {
    match it {
        Visibility::Public => "Public",
        Visibility::Private => "Private",
    }
}

fn stands(offer: &Offer, plan: &PlanName) -> Distribution {
    offer.plans.get(plan).map_or(Distribution::Draft, |it| it.distribution)
}

/// `GET /partner-center/offers/{publisher}/{offer}/plans`
pub(super) fn list(ask: Ask) -> Answered {
    Box::pin(async move { draw(&ask, StatusCode::OK, None, Vec::new()).await })
}

/// `POST /partner-center/offers/{publisher}/{offer}/plans`
pub(super) fn create(ask: Ask) -> Answered {
    Box::pin(async move {
        let offer = ask.offer()?;
        let name = match spelled::plan_id("plans.planId", ask.form.get("id").unwrap_or_default()) {
            Ok(name) => name,
            Err(wrong) => {
                let said = vec![Said::of(&wrong)];
                return draw(&ask, StatusCode::BAD_REQUEST, None, said).await;
            }
        };
        let title = ask.form.get("title").unwrap_or_default().to_owned();
        let plan = Plan {
            name: name.clone(),
            title,
            summary: String::new(),
            description: String::new(),
            visibility: Visibility::Public,
            audience: Vec::new(),
            manifests: Vec::new(),
        };
        let before = ask.read_offer(&offer).await?;
        if before.form.plan(&name).is_some() {
            let words = format!("The offer has a plan `{name}` already.");
            return draw(&ask, StatusCode::CONFLICT, Some(words), Vec::new()).await;
        }
        let mut form = before.form;
        form.plans.push(plan);
        match save(&ask, &offer, &form, ask.revision()?).await {
            Ok(_) => Ok(ask.done(
                format!("Plan {name} was created."),
                To::Plan(&offer, &name, PlanTab::Listing),
            )),
            Err(trouble) => match market_refusal(&trouble).map(ToString::to_string) {
                Some(words) => draw(&ask, trouble.told().status, Some(words), Vec::new()).await,
                None => Err(trouble),
            },
        }
    })
}

/// Where to go on once the plans are there.
fn next(id: &OfferId) -> Vec<Way> {
    vec![
        Way::new("Next: Offer tests", To::Offer(id, Tab::Tests)),
        Way::new("Review and publish", To::Offer(id, Tab::Publish)),
    ]
}

async fn draw(
    ask: &Ask,
    status: StatusCode,
    refusal: Option<String>,
    said: Vec<Said>,
) -> Result<Answer, Trouble> {
    let id = ask.offer()?;
    let judged = judged(ask, &id).await?;
    let offer = &judged.offer;
    let row = |it: &Plan| Row {
        id: it.name.to_string(),
        path: To::Plan(&id, &it.name, PlanTab::Overview).to_string(),
        title: it.title.clone(),
        visibility: visibility(it.visibility),
        version: it.newest().map(|it| it.version.to_string()).unwrap_or_default(),
        state: plan_state(stands(offer, &it.name)),
    };
    let whole =
        judged.findings.iter().filter(|it| it.field == "plans" && super::top::is_of_form(it));
    let told = |name| ask.form.get(name).unwrap_or_default().to_owned();
    let view = Plans {
        frame: ask.offer_frame("Plan overview", &id).await?,
        top: Top::new(offer, Tab::Plans, &judged.findings),
        rows: offer.form.plans.iter().map(row).collect(),
        rest: whole.map(Said::of).collect(),
        ways: next(&id),
        refusal,
        said,
        id: told("id"),
        title: told("title"),
        revision: ask.draft_shown(status, offer.revision),
    };
    Answer::with(status, &view)
}

/// One authorization, as it is shown.
struct Given {
    name: String,
    principal: Id,
    role: String,
    access: String,
}

/// One manifest.
struct Numbered {
    version: String,
    state: State,
    /// Where it is changed; nowhere, once it was previewed.
    path: Option<String>,
    given: Vec<Given>,
    said: Vec<Said>,
}

#[derive(Template)]
#[template(path = "partner/plan.html")]
struct Shown {
    frame: Frame,
    top: Top,
    id: String,
    durable: Option<Id>,
    state: State,
    visibility: &'static str,
    ways: Vec<Way>,
    next: Vec<Way>,
    acts: Vec<Way>,
    versions: Vec<Numbered>,
    rest: Vec<Said>,
    refusal: Option<String>,
    /// What a new manifest is called that nobody called otherwise.
    next_version: String,
    revision: u64,
    technical: String,
}

/// `GET /partner-center/offers/{publisher}/{offer}/plans/{plan}`, and its *Technical configuration*.
pub(super) fn show(ask: Ask) -> Answered {
    Box::pin(async move { draw_plan(&ask, StatusCode::OK, None).await })
}

async fn draw_plan(
    ask: &Ask,
    status: StatusCode,
    refusal: Option<String>,
) -> Result<Answer, Trouble> {
    let (id, name): (OfferId, PlanName) = (ask.offer()?, ask.parsed(2)?);
    let judged = judged(ask, &id).await?;
    let offer = &judged.offer;
    let nth = offer.form.plans.iter().position(|it| it.name == name).ok_or(Trouble::Nothing)?;
    let plan = offer.form.plans.get(nth).ok_or(Trouble::Nothing)?;
    let at = format!("plans[{nth}].manifests");
    let here = judged.findings.iter().filter(|it| it.field == at);
    let frame = ask
        .offer_frame(&format!("Plan {name}"), &id)
        .await?
        .below("Plan overview", To::Offer(&id, Tab::Plans));
    let way = |words: &str, tab| Way::new(words, To::Plan(&id, &name, tab));
    let state = stands(offer, &name);
    let view = Shown {
        frame,
        top: Top::new(offer, Tab::Plans, &judged.findings),
        id: name.to_string(),
        durable: offer.plans.get(&name).map(|it| Id::new(it.durable)),
        state: plan_state(state),
        visibility: visibility(plan.visibility),
        ways: vec![
            way("Plan listing", PlanTab::Listing),
            way("Pricing and availability", PlanTab::Availability),
        ],
        next: next(&id),
        acts: acts(&id, &name, state),
        versions: plan
            .manifests
            .iter()
            .enumerate()
            .map(|it| version(&judged, plan, &at, it))
            .collect(),
        rest: here.map(Said::of).collect(),
        refusal,
        next_version: next_version(&judged, plan),
        revision: ask.draft_shown(status, offer.revision),
        technical: To::Plan(&id, &name, PlanTab::Technical).to_string(),
    };
    Answer::with(status, &view)
}

fn acts(id: &OfferId, plan: &PlanName, state: Distribution) -> Vec<Way> {
    let way = |words: &str, act| vec![Way::new(words, To::PlanAct(id, plan, act))];
    match state {
        Distribution::Draft => way("Delete the plan", Act::Delete),
        Distribution::Distributed => way("Stop distribution of the plan", Act::Stop),
        Distribution::StopRequested => way("Resume distribution of the plan", Act::Resume),
        Distribution::Stopped => Vec::new(),
    }
}

fn version(
    judged: &Judged,
    plan: &Plan,
    at: &str,
    (nth, it): (usize, &VersionedManifest),
) -> Numbered {
    let always = |it: &Authorization| Given {
        name: it.display_name.clone().unwrap_or_default(),
        principal: Id::new(it.principal),
        role: called(it.role),
        access: match &it.delegated_roles {
            None => "Active".to_owned(),
            Some(roles) => {
                let roles: Vec<_> = roles.iter().map(|id| called(*id)).collect();
                format!("Active; may give managed identities: {}", roles.join(", "))
            }
        },
    };
    let eligible = |it: &EligibleAuthorization| {
        let minutes = model::delegation::Hurdle::of(it).minutes_max;
        Given {
            name: it.display_name.clone().unwrap_or_default(),
            principal: Id::new(it.principal),
            role: called(it.role),
            access: format!(
                "Eligible: once activated, for up to {}",
                counted(minutes as usize, "minute")
            ),
        }
    };
    let is_frozen = judged.previewed.contains_key(&(plan.name.clone(), it.version));
    let Manifest { tenant: _, authorizations, eligible: activated } = &it.manifest;
    let place = format!("{at}[{nth}]");
    let said = judged.findings.iter().filter(|it| {
        it.field.strip_prefix(&place).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    });
    Numbered {
        version: it.version.to_string(),
        state: if is_frozen {
            State::new("good", "Published: it never changes")
        } else {
            State::new("", "Draft")
        },
        path: (!is_frozen)
            .then(|| To::Manifest(&judged.offer.id, &plan.name, it.version).to_string()),
        given: authorizations.iter().map(always).chain(activated.iter().map(eligible)).collect(),
        said: said.map(Said::of).collect(),
    }
}

/// The next version after all that there are and were.
fn next_version(judged: &Judged, plan: &Plan) -> String {
    let previewed = judged.previewed.keys().filter(|(name, _)| *name == plan.name);
    let all = plan.manifests.iter().map(|it| it.version).chain(previewed.map(|(_, it)| *it));
    let Some(highest) = all.max() else { return "1.0.0".to_owned() };
    let text = highest.to_string();
    let mut parts = text.split('.').map(|it| it.parse::<u32>().unwrap_or_default());
    let (major, minor) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    format!("{major}.{}.0", minor.saturating_add(1))
}

/// `POST …/plans/{plan}/technical`: one more manifest, with what the newest gives.
pub(super) fn add_manifest(ask: Ask) -> Answered {
    Box::pin(async move {
        let (id, name): (OfferId, PlanName) = (ask.offer()?, ask.parsed(2)?);
        let sent = ask.form.get("version").unwrap_or_default();
        let Ok(version) = sent.parse::<Version>() else {
            let words = format!("`{sent}` is no version: it reads n.n.n, as in 1.2.5.");
            return draw_plan(&ask, StatusCode::BAD_REQUEST, Some(words)).await;
        };
        let offer = ask.read_offer(&id).await?;
        let mut form = offer.form;
        let plan = form.plans.iter_mut().find(|it| it.name == name).ok_or(Trouble::Nothing)?;
        if plan.manifests.iter().any(|it| it.version == version) {
            let words = format!("The plan has a manifest {version} already.");
            return draw_plan(&ask, StatusCode::CONFLICT, Some(words)).await;
        }
        let empty =
            || Manifest { tenant: offer.tenant, authorizations: Vec::new(), eligible: Vec::new() };
        let manifest = plan.newest().map_or_else(empty, |it| it.manifest.clone());
        plan.manifests.push(VersionedManifest { version, manifest });
        match save(&ask, &id, &form, ask.revision()?).await {
            Ok(_) => Ok(ask
                .done(format!("Manifest {version} was added."), To::Manifest(&id, &name, version))),
            Err(trouble) => match market_refusal(&trouble).map(ToString::to_string) {
                Some(words) => draw_plan(&ask, trouble.told().status, Some(words)).await,
                None => Err(trouble),
            },
        }
    })
}

/// Saves a draft that was changed at one place, and tells what it is then.
pub(super) async fn save(
    ask: &Ask,
    id: &OfferId,
    form: &model::market::form::Form,
    wanted: IfMatch,
) -> Result<Offer, Trouble> {
    let plane = ask.plane();
    let work = |context| async move { save::save(plane, &context, id, form, wanted).await };
    Ok(ask.market("POST", "offers/write", work).await?.into_inner())
}
