//! What is logged of each request: one line, by which it is found again, and nothing of what was
//! said in it. Tokens, bodies and queries stand in no log.

use std::fmt::{self, Write};

use arm::request::{ArmRequest, ArmResponse};
use ids::{guid::TenantId, path::Path, scope::Scope};
use jiff::Timestamp;
use serde_json::Value;
use tracing::{Span, field::Empty};
use uuid::Uuid;

use crate::request::Trace;

/// The longest type that is written out: what is longer is none.
const KIND_CHARS_MAX: usize = 128;

/// What every line that a request leaves behind carries: the ids of its answer, and who asks. It
/// is there whatever the level: an error without it could not be found.
pub(crate) fn span(trace: &Trace) -> Span {
    let Trace { request, correlation, .. } = trace;
    tracing::error_span!("arm", %request, %correlation, caller = Empty, tenant = Empty)
}

/// Notes who asks, once that is known.
pub(crate) fn asked(request: &ArmRequest) {
    if let Ok(caller) = &request.caller {
        let span = Span::current();
        span.record("caller", tracing::field::display(caller.principal.object));
        span.record("tenant", tracing::field::display(caller.principal.tenant));
    }
}

/// How a request went.
pub(crate) struct Told<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) arrived: Timestamp,
    pub(crate) now: Timestamp,
}

impl Told<'_> {
    /// The one line: refusals and failures at the level that is logged by default, the rest below.
    pub(crate) fn tell(&self, answer: &ArmResponse) {
        let (method, kind) = (self.method, Kind(self.path));
        let milliseconds = self.now.duration_since(self.arrived).as_millis();
        let status = answer.status;
        let error = answer.body.as_ref().and_then(|body| body.get("error"));
        let code = error.and_then(|it| it.get("code")).and_then(Value::as_str).unwrap_or_default();
        if status >= 400 {
            tracing::info!(method, %kind, status, code, %milliseconds, "refused");
        } else {
            tracing::debug!(method, %kind, status, %milliseconds, "answered");
        }
    }
}

/// What a path is about: the type of the thing, and no name of it. Found out only where a line is
/// written.
struct Kind<'a>(&'a str);

impl fmt::Display for Kind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = kind(self.0);
        kind.chars().take(KIND_CHARS_MAX).try_for_each(|c| f.write_char(c))
    }
}

fn kind(path: &str) -> String {
    let nobody = TenantId::new(Uuid::nil());
    match Path::decode(path, nobody) {
        Ok(Path::Resource(id)) => id.kind().to_string(),
        Ok(Path::Collection(it)) => it.kind().map(|it| it.to_string()).unwrap_or_default(),
        Ok(Path::Scope(scope)) => of_scope(&scope).to_owned(),
        Ok(Path::Words(scope, words)) => {
            let word = words.first().map(ToString::to_string).unwrap_or_default();
            format!("{}/{word}", of_scope(&scope))
        }
        Err(_) => String::new(),
    }
}

fn of_scope(scope: &Scope) -> &'static str {
    match scope {
        Scope::Tenant(_) => "Microsoft.Resources/tenants",
        Scope::ManagementGroup(..) => "Microsoft.Management/managementGroups",
        Scope::Subscription(_) => "Microsoft.Resources/subscriptions",
        Scope::ResourceGroup(..) => "Microsoft.Resources/resourceGroups",
        Scope::Resource(_) => "resource",
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::Write,
        sync::{Arc, Mutex},
    };

    use arm::failure::{Challenge, Failure};
    use model::samples;
    use operations::error::Error;
    use store::error::StoreError;
    use tracing_subscriber::fmt::MakeWriter;

    use super::*;
    use crate::{
        Enforcement,
        tests::{GROUP, request, send, surface},
    };

    /// Whatever is logged, in memory.
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Lines {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    impl Lines {
        fn listening(&self, level: tracing::Level) -> tracing::subscriber::DefaultGuard {
            let subscriber = tracing_subscriber::fmt().json().with_max_level(level);
            tracing::subscriber::set_default(subscriber.with_writer(self.clone()).finish())
        }

        fn all(&self) -> Vec<Value> {
            let bytes = self.0.lock().unwrap().clone();
            let text = String::from_utf8(bytes).unwrap();
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        }
    }

    #[tokio::test]
    async fn each_request_leaves_one_line_that_finds_it_again_and_tells_nothing_it_said() {
        let (lines, surface) = (Lines::default(), surface(Enforcement::Off).await);
        let listening = lines.listening(tracing::Level::DEBUG);
        let body = r#"{"location":"westeurope","tags":{"secret":"hunter2"}}"#;
        let made =
            send(&surface, request("PUT", &format!("{GROUP}&sig=hunter3"), "olof", body)).await;
        let refused = send(&surface, request("GET", GROUP, "ada", "")).await;
        let stranger = send(&surface, request("GET", GROUP, "hunter4", "")).await;
        drop(listening);

        let own =
            |line: &Value| line["target"].as_str().is_some_and(|it| it.starts_with("arm_api"));
        let all: Vec<Value> = lines.all().into_iter().filter(own).collect();
        let expected = [
            (&made, "DEBUG", "PUT", Some(samples::OLOF)),
            (&refused, "INFO", "GET", Some(samples::ADA)),
            (&stranger, "INFO", "GET", None),
        ];
        assert_eq!(all.len(), expected.len(), "{all:#?}");
        for (line, (answer, level, method, who)) in all.iter().zip(expected) {
            let (fields, span) = (&line["fields"], &line["span"]);
            assert_eq!((&line["level"], &fields["method"]), (&level.into(), &method.into()));
            assert_eq!(fields["kind"], "Microsoft.Resources/resourceGroups");
            assert_eq!(fields["status"], answer.status);
            assert_eq!(span["request"], answer.header("x-ms-request-id"));
            assert_eq!(span["correlation"], answer.header("x-ms-correlation-request-id"));
            let object = who.map(|who| who.object.to_string());
            let tenant = who.map(|who| who.tenant.to_string());
            assert_eq!(
                (span["caller"].as_str(), span["tenant"].as_str()),
                (object.as_deref(), tenant.as_deref())
            );
            assert!(fields["milliseconds"].is_string());
        }
        assert_eq!(all[1]["fields"]["code"], refused.code());
        let text = serde_json::to_string(&lines.all()).unwrap();
        assert!(!text.contains("hunter"), "{text}");
    }

    #[test]
    fn what_breaks_inside_is_logged_with_the_ids_of_its_answer_at_every_level() {
        let lines = Lines::default();
        let trace = Trace {
            request: Uuid::from_u128(7),
            correlation: samples::correlation(),
            client_request: None,
            echo: false,
            head: false,
        };
        let broken = Failure::Operation(Error::Store(StoreError::corrupt("a row")));
        let listening = lines.listening(tracing::Level::ERROR);
        span(&trace).in_scope(|| broken.into_response(&Challenge::default()));
        drop(listening);
        let line = lines.all().pop().unwrap();
        assert_eq!(line["level"], "ERROR");
        assert_eq!(line["span"]["request"], Uuid::from_u128(7).to_string());
        assert_eq!(line["span"]["correlation"], samples::correlation().to_string());
    }
}
