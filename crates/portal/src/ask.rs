//! A request that was let in, and the ways on from it: through ARM's front door, or with a question
//! of the publisher account's.

use std::{pin::Pin, sync::Arc};

use access::permit;
use arm::{
    failure::Failure,
    front_door,
    request::{ArmRequest, ArmResponse, Method, Preconditions, Query},
};
use identity::account::Account;
use ids::{
    guid::{CorrelationId, Principal},
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    action::Action,
    event::Caller,
    question::{Question, Via},
};
use operations::{context::Context, error::Error, plane::Plane, sign_in::portal};

use crate::{Surface, answer::Answer, fields::Fields, sessions::Session, trouble::Trouble};

/// An answer on its way.
pub(crate) type Answered = Pin<Box<dyn Future<Output = Result<Answer, Trouble>> + Send>>;

/// Whoever has signed in.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    /// What the browser's session is found by.
    pub(crate) cookie: String,
    pub(crate) session: Session,
    pub(crate) account: Account,
}

impl Visitor {
    pub(crate) fn caller(&self) -> Caller {
        portal::caller(&self.account, &self.session.visit)
    }

    /// Who it is at the tenant where they are.
    pub(crate) fn principal(&self) -> Principal {
        self.account.local.principal
    }
}

/// One request.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) surface: Surface,
    pub(crate) visitor: Option<Arc<Visitor>>,
    /// The path, as it was asked for.
    pub(crate) path: String,
    /// Where the page is, to come back to: the path and the query.
    pub(crate) here: String,
    pub(crate) keys: Vec<String>,
    pub(crate) query: Fields,
    /// What was filled in; nothing where a page is asked for.
    pub(crate) form: Fields,
    pub(crate) theme: Theme,
    /// Of a sign-in that is under way: sealed.
    pub(crate) arriving: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) correlation: CorrelationId,
    pub(crate) arrived: Timestamp,
}

/// What the person chose to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the browser says.
    System,
    Light,
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

impl Ask {
    pub(crate) fn plane(&self) -> &Plane {
        self.surface.sign_in.plane()
    }

    pub(crate) fn key(&self, nth: usize) -> &str {
        self.keys.get(nth).map_or("", String::as_str)
    }

    /// A key that has to be of some form; nothing stands under others.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, nth: usize) -> Result<T, Trouble> {
        self.key(nth).parse().map_err(|_| Trouble::Nothing)
    }

    /// Whoever has signed in.
    pub(crate) fn visitor(&self) -> Result<&Visitor, Trouble> {
        self.visitor.as_deref().ok_or(Trouble::SignedOut)
    }

    /// Does what that request of ARM's stands for, as the visitor: by the same checks in the same
    /// order, with the same trace in the activity log.
    pub(crate) async fn arm<T, F>(
        &self,
        (method, path, version): (Method, impl Into<String>, &str),
        work: impl FnOnce(Context) -> F + Send,
    ) -> Result<T, Trouble>
    where
        F: Future<Output = Result<T, Error>> + Send,
    {
        let request = self.request(method, path.into(), version)?;
        Ok(front_door::through(self.plane(), request, work).await?)
    }

    /// Sends a whole request of ARM's, as the visitor: for what has a body that people write
    /// themselves. Answers what the API answers, its refusals among it.
    pub(crate) async fn sent(
        &self,
        (method, path, version): (Method, impl Into<String>, &str),
        body: String,
    ) -> Result<ArmResponse, Trouble> {
        let request = self.request(method, path.into(), version)?;
        let body = async { Ok(body.into_bytes()) };
        Ok(front_door::answer(self.plane(), request, body).await)
    }

    fn request(&self, method: Method, path: String, version: &str) -> Result<ArmRequest, Trouble> {
        Ok(ArmRequest {
            method,
            path,
            query: Query(vec![("api-version".to_owned(), version.to_owned())]),
            caller: Ok(self.visitor()?.caller()),
            auxiliary: Vec::new(),
            correlation: self.correlation,
            client_request: None,
            client_address: self.address.clone(),
            preconditions: Preconditions::default(),
            arrived: self.arrived,
        })
    }

    /// Reads or changes something of the publisher account, as the visitor. `action` is what the
    /// marketplace's own surface asks: `offers/read`. What is refused to a form stands in the
    /// tenant's log.
    pub(crate) async fn market<T, F>(
        &self,
        method: &'static str,
        action: &str,
        work: impl FnOnce(Context) -> F + Send,
    ) -> Result<T, Trouble>
    where
        F: Future<Output = Result<T, Error>> + Send,
    {
        let asked = (Action::named(format!("Fyr.Market/{action}")), Via::Market);
        let tenant = Scope::Tenant(self.visitor()?.principal().tenant);
        self.asked(method, asked, tenant, work).await
    }

    /// The same with any question, at any scope: for what no request of ARM's stands for.
    pub(crate) async fn asked<T, F>(
        &self,
        method: &'static str,
        (action, via): (Action, Via),
        scope: Scope,
        work: impl FnOnce(Context) -> F + Send,
    ) -> Result<T, Trouble>
    where
        F: Future<Output = Result<T, Error>> + Send,
    {
        let (plane, context) =
            (self.plane(), self.context(method, Question { action, scope, via })?);
        let (index, now) = (plane.index(), plane.store.now());
        let outcome = match permit::judge(&index, &context.caller, &context.question, now) {
            Ok(_) => work(context.clone()).await,
            Err(denied) => Err(Error::Denied(denied)),
        };
        outcome.map_err(|error| {
            let failure = Failure::from(error);
            let (status, code) = failure.verdict();
            if method != "GET"
                && let Some(activity) = context.failed(plane, status, format!("{code}: {failure}"))
            {
                plane.store.note_refusal(context.caller.principal, activity);
            }
            failure.into()
        })
    }

    /// The visitor with a question that nobody has answered yet: for lists of which each item is
    /// judged by itself.
    pub(crate) fn context(
        &self,
        method: &'static str,
        question: Question,
    ) -> Result<Context, Trouble> {
        Ok(Context {
            caller: self.visitor()?.caller(),
            auxiliary: Vec::new(),
            question,
            correlation: self.correlation,
            method,
            client_request: None,
            client_address: self.address.clone(),
            started: self.arrived,
        })
    }

    /// Whether the visitor may do that, by the facts of this moment: for what leads on.
    pub(crate) fn may(&self, asked: &Question) -> Result<bool, Trouble> {
        let context = self.context("GET", asked.clone())?;
        Ok(self.plane().may(&context, asked))
    }

    /// Notes what was done, for the top of the next page.
    pub(crate) fn note(&self, words: impl Into<String>) {
        if let Some(visitor) = &self.visitor {
            self.surface.sessions.note(&visitor.cookie, words.into(), self.plane().store.now());
        }
    }

    /// On to another page, which says at its top what was done.
    pub(crate) fn done(&self, words: impl Into<String>, path: impl ToString) -> Answer {
        self.note(words);
        Answer::To(path.to_string())
    }
}
