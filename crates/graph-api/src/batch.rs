//! Several requests in one (<https://learn.microsoft.com/graph/json-batching>): each is judged as
//! if it had come alone.

use std::{collections::BTreeMap, sync::Arc};

use axum::http::Method;
use operations::sign_in::SignIn;
use serde_json::{Map, Value, json};
use wire::graph::body::Body;

use crate::{
    answer::{Answer, Content},
    failure::Failure,
    front_door,
    request::{GraphRequest, Query},
};

/// Graph's.
const REQUESTS_MAX: usize = 20;

/// Whether a request is a batch.
pub(crate) fn is_meant(request: &GraphRequest) -> bool {
    request.method == Method::POST && request.path.eq_ignore_ascii_case("/v1.0/$batch")
}

/// One request of a batch.
struct Part {
    id: String,
    method: Method,
    url: String,
    depends_on: Vec<String>,
    eventual: bool,
    body: Vec<u8>,
}

/// Answers the requests in their order. One that depends on another which failed is not tried.
pub(crate) async fn answer(
    sign_in: &Arc<SignIn>,
    request: GraphRequest,
    body: impl Future<Output = Result<Vec<u8>, Failure>> + Send,
) -> Result<Answer, Failure> {
    front_door::caller(sign_in.plane(), &request)?;
    let parts = parse(&body.await?)?;
    let mut statuses: BTreeMap<String, u16> = BTreeMap::new();
    let mut responses = Vec::with_capacity(parts.len());
    for part in parts {
        let failed = |id: &String| statuses.get(id).is_none_or(|status| *status >= 400);
        let answer = if part.depends_on.iter().any(failed) {
            Answer::new(
                424,
                Content::Json(
                    json!({ "error": { "code": "FailedDependency", "message": "A request that this one depends on has failed." } }),
                ),
            )
        } else {
            single(sign_in, &request, &part).await
        };
        statuses.insert(part.id.clone(), answer.status);
        responses.push(told(&part.id, answer));
    }
    Ok(Answer::ok(json!({ "responses": responses })))
}

async fn single(sign_in: &Arc<SignIn>, around: &GraphRequest, part: &Part) -> Answer {
    let (path, query) = part.url.split_once('?').unwrap_or((&part.url, ""));
    let inside = Query::parse(query).map(|query| GraphRequest {
        method: part.method.clone(),
        path: format!("/v1.0/{}", path.trim_start_matches('/')),
        query,
        eventual: part.eventual,
        ..around.clone()
    });
    let outcome = match inside {
        Ok(inside) => {
            let body = part.body.clone();
            front_door::one(sign_in, inside, async move { Ok(body) }).await
        }
        Err(failure) => Err(failure),
    };
    outcome.unwrap_or_else(|failure| failure.into_answer(sign_in.plane(), &around.trace))
}

fn told(id: &str, answer: Answer) -> Value {
    let mut headers: Map<String, Value> =
        answer.headers.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    headers.insert("Content-Type".to_owned(), "application/json".into());
    let body = match answer.content {
        Content::Nothing => Value::Null,
        Content::Json(body) => body,
        Content::Text(text) => Value::String(text),
    };
    json!({ "id": id, "status": answer.status, "headers": headers, "body": body })
}

fn parse(bytes: &[u8]) -> Result<Vec<Part>, Failure> {
    let mut body = Body::parse(bytes)?;
    let requests = body.objects("requests")?.unwrap_or_default();
    if requests.is_empty() || requests.len() > REQUESTS_MAX {
        return Err(Failure::Batch("A batch has 1 to 20 requests."));
    }
    let parts = requests.into_iter().map(part).collect::<Result<Vec<_>, _>>()?;
    let mut known: Vec<&str> = Vec::new();
    for part in &parts {
        if known.contains(&part.id.as_str()) {
            return Err(Failure::Batch("Each request of a batch has an id of its own."));
        }
        if !part.depends_on.iter().all(|id| known.contains(&id.as_str())) {
            return Err(Failure::Batch("A request depends on ones that come before it."));
        }
        known.push(&part.id);
    }
    Ok(parts)
}

fn part(mut request: Body) -> Result<Part, Failure> {
    let method = request.required("method")?;
    let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes());
    let headers = request.value("headers").unwrap_or_default();
    let level = headers.as_object().into_iter().flatten();
    let mut level = level.filter(|(name, _)| name.eq_ignore_ascii_case("consistencylevel"));
    let body = request.value("body").map_or_else(Vec::new, |it| it.to_string().into_bytes());
    Ok(Part {
        id: request.required("id")?,
        method: method.map_err(|_| Failure::Batch("A request's method is none of HTTP's."))?,
        url: request.required("url")?,
        depends_on: request.texts("dependsOn")?.unwrap_or_default(),
        eventual: level.any(|(_, value)| value == "eventual"),
        body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_bounded_and_in_order() {
        let one =
            |id: &str, more: &str| format!(r#"{{"id":"{id}","method":"get","url":"/me"{more}}}"#);
        let batch = |parts: &[String]| format!(r#"{{"requests":[{}]}}"#, parts.join(","));
        let after = one("2", r#","dependsOn":["1"]"#);
        let good = batch(&[one("1", ""), after.clone()]);
        assert_eq!(parse(good.as_bytes()).map(|it| it.len()).ok(), Some(2));
        let many: Vec<String> = (0..21).map(|n| one(&n.to_string(), "")).collect();
        let twice = [one("1", ""), one("1", "")];
        for bad in [batch(&[]), batch(&many), batch(&twice), batch(&[after, one("1", "")])] {
            assert!(parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
