//! The order of checks: what is meant, who asks; only then the body, and what it asks.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, request::Parts},
};
use ids::{guid::CorrelationId, scope::Scope};
use jiff::Timestamp;
use model::event::Caller;
use operations::{
    context::Context,
    decisions::{self, language::Language},
    plane::Plane,
};
use wire::authzen::{self, MetadataBody};

use crate::{
    House,
    answer::Answer,
    endpoint::{Endpoint, Meant, meant},
    evaluate,
    failure::{Failure, NoCaller},
    request, search,
};

/// A question that was let in, and whoever asks it.
pub(crate) struct Ask<'a> {
    pub(crate) house: &'a House,
    pub(crate) head: &'a Parts,
    pub(crate) caller: Arc<Caller>,
    pub(crate) language: Language,
    pub(crate) arrived: Timestamp,
}

/// Answers one request. The body is read only for a caller who is known.
pub(crate) async fn answer(house: &House, head: &Parts, body: Body) -> Result<Answer, Failure> {
    let surface = &house.surface;
    let plane = surface.sign_in.plane();
    let (endpoint, names) = match meant(head.uri.path()).ok_or(Failure::Nothing)? {
        Meant::Question(endpoint, names) => (endpoint, names),
        Meant::Metadata(base) if [Method::GET, Method::HEAD].contains(&head.method) => {
            return Answer::metadata(&MetadataBody::at(&format!("{}{base}", plane.origins.arm)));
        }
        Meant::Metadata(_) => return Err(Failure::WrongMethod),
    };
    if head.method != Method::POST {
        return Err(Failure::WrongMethod);
    }
    let arrived = plane.clock.now();
    let caller = request::caller(head, &house.verifier, arrived)?;
    if !plane.index().can_act(caller.principal) {
        return Err(NoCaller::Gone.into());
    }
    let body = request::body(head, body, endpoint).await?;
    let language = Language { names, known: Arc::clone(&surface.known) };
    let ask = Ask { house, head, caller, language, arrived };
    match endpoint {
        Endpoint::Evaluation => evaluate::one(&ask, authzen::evaluation(&body)?).await,
        Endpoint::Evaluations => evaluate::several(&ask, authzen::evaluations(&body)?).await,
        Endpoint::Subjects => search::subjects(&ask, authzen::subject_search(&body)?).await,
        Endpoint::Resources => search::resources(&ask, authzen::resource_search(&body)?).await,
        Endpoint::Actions => search::actions(&ask, authzen::action_search(&body)?).await,
    }
}

impl Ask<'_> {
    pub(crate) fn plane(&self) -> &Plane {
        self.house.surface.sign_in.plane()
    }

    /// Who asks, for operations that look at more than the facts.
    pub(crate) fn context(&self) -> Context {
        let peer = self.head.extensions.get::<ConnectInfo<SocketAddr>>();
        Context {
            question: decisions::question(Scope::Tenant(self.caller.principal.tenant)),
            caller: Caller::clone(&self.caller),
            auxiliary: Vec::new(),
            correlation: CorrelationId::new(self.plane().random.uuid()),
            method: "POST",
            client_request: None,
            client_address: peer.map(|ConnectInfo(address)| address.ip().to_string()),
            started: self.arrived,
        }
    }
}
