//! Who asks, for what, and what the activity log says of it.

use std::collections::BTreeSet;

use ids::{
    guid::{CorrelationId, EventId},
    scope::Scope,
};
use jiff::Timestamp;
use model::{
    activity::{Activity, Beginning, Log, Outcome},
    defect::Defect,
    event::Caller,
    question::Question,
    resource::{CreatorType, SystemData},
};

use crate::plane::Plane;

/// One request of one caller, once the front door has let it in.
#[derive(Clone, Debug)]
pub struct Context {
    pub caller: Caller,
    /// Whose leave counts, too, for what a request names beside what it asks for.
    pub auxiliary: Vec<Caller>,
    /// What the front door asked for this request, and what reads are judged by again.
    pub question: Question,
    pub correlation: CorrelationId,
    /// HTTP method, as the activity log shows it.
    pub method: &'static str,
    /// The client's own id of the request.
    pub client_request: Option<String>,
    pub client_address: Option<String>,
    pub started: Timestamp,
}

impl Context {
    /// What a successful write leaves in the log: its beginning and its end.
    pub(crate) fn succeeded(
        &self,
        plane: &Plane,
        now: Timestamp,
        code: u16,
        defects: &BTreeSet<Defect>,
    ) -> Option<Activity> {
        let operation = EventId::new(plane.random.uuid());
        let began = EventId::new(plane.random.uuid_at(self.started));
        Some(Activity {
            at: now,
            began: Some(Beginning { id: began, at: self.started }),
            status_code: code,
            defects: defects.iter().copied().collect(),
            ..self.activity(plane, self.log(plane)?, operation, Outcome::Succeeded)
        })
    }

    /// The record that a refused or failed write leaves. `message` is the ARM error.
    pub fn failed(&self, plane: &Plane, code: u16, message: String) -> Option<Activity> {
        let operation = EventId::new(plane.random.uuid());
        Some(Activity {
            status_code: code,
            message: Some(message),
            ..self.activity(plane, self.log(plane)?, operation, Outcome::Failed)
        })
    }

    /// Whose log a request belongs in: its subscription's, else the tenant's own.
    fn log(&self, plane: &Plane) -> Option<Log> {
        match self.question.scope.subscription() {
            Some(id) => plane.index().home(&Scope::Subscription(id)).map(|_| Log::Subscription(id)),
            None => Some(Log::Tenant(self.question.scope.tenant()?)),
        }
    }

    fn activity(&self, plane: &Plane, log: Log, operation: EventId, outcome: Outcome) -> Activity {
        Activity {
            id: EventId::new(plane.random.uuid_at(self.started)),
            at: self.started,
            began: None,
            log,
            caller: Some(self.caller.clone()),
            action: self.question.action.clone(),
            scope: self.question.scope.clone(),
            outcome,
            status_code: 0,
            correlation: self.correlation,
            operation,
            method: self.method.to_owned(),
            client_request: self.client_request.clone(),
            client_address: self.client_address.clone(),
            description: String::new(),
            message: None,
            defects: Vec::new(),
        }
    }

    /// What a new thing notes of its maker.
    pub fn created(&self, now: Timestamp) -> SystemData {
        SystemData::created(&self.caller.name, self.creator(), now)
    }

    /// What a changed thing notes of its changer.
    pub fn modified(&self, before: &SystemData, now: Timestamp) -> SystemData {
        before.modified(&self.caller.name, self.creator(), now)
    }

    fn creator(&self) -> CreatorType {
        use model::event::CallerKind;
        match self.caller.kind {
            CallerKind::User => CreatorType::User,
            CallerKind::Application => CreatorType::Application,
            CallerKind::ManagedIdentity => CreatorType::ManagedIdentity,
        }
    }
}
