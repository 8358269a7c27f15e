//! What the process tells of itself: logs, metrics, and whether it is alive.

use std::{
    io::{self, IsTerminal},
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    http::{Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use http_body_util::Limited;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde_json::{Value, json};
use tokio::time::timeout;
use tracing_subscriber::EnvFilter;

/// The largest body of any surface; each route sets a smaller one.
const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;
/// For a whole request, its body included.
const REQUEST: Duration = Duration::from_mins(1);
/// Upper bounds, in seconds.
const BUCKETS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 5.0, 30.0];

/// Sends logs to stderr: lines for people, JSON where nobody looks.
pub fn log(filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::builder().parse(filter)?;
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let set = if io::stderr().is_terminal() {
        logs.with_target(false).try_init()
    } else {
        logs.json().try_init()
    };
    set.map_err(|error| anyhow::anyhow!("logging cannot be set up: {error}"))
}

/// Whether the process can do its work; asked by `/readyz`.
pub type Ready = Arc<dyn Fn() -> bool + Send + Sync>;

/// The process's metrics.
#[derive(Clone, Debug)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Collects from here on.
    pub fn install() -> anyhow::Result<Self> {
        let recorder = PrometheusBuilder::new().set_buckets(&BUCKETS)?.build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder)
            .map_err(|_| anyhow::anyhow!("metrics are collected already"))?;
        Ok(Self(handle))
    }

    /// Everything collected, as Prometheus reads it.
    pub fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}

/// The surface with its probes in front, measured and bounded.
pub fn surface(name: &'static str, router: Router, ready: Ready, metrics: Metrics) -> Router {
    let probes = Router::new()
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(move || async move { readiness(ready()) }))
        .route("/metrics", get(move |request: Request| async move { reveal(&metrics, &request) }));
    let measured = router
        .layer(middleware::from_fn(bound))
        .layer(middleware::from_fn(move |request, next| measure(name, request, next)));
    probes.fallback_service(measured)
}

fn readiness(ready: bool) -> Response {
    if ready { "ok\n".into_response() } else { StatusCode::SERVICE_UNAVAILABLE.into_response() }
}

/// Metrics are for this machine only: they tell how much is going on.
fn reveal(metrics: &Metrics, request: &Request) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    if !peer.is_some_and(|ConnectInfo(peer)| peer.ip().is_loopback()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.render()).into_response()
}

/// Cuts off bodies and times without end.
async fn bound(request: Request, next: Next) -> Response {
    let request = request.map(|body| Body::new(Limited::new(body, BODY_BYTES_MAX)));
    timeout(REQUEST, next.run(request)).await.unwrap_or_else(|_| {
        let error = json!({ "error": {
            "code": "RequestTimeout",
            "message": "The request took too long.",
        }});
        json(StatusCode::REQUEST_TIMEOUT, &error)
    })
}

/// An answer in JSON.
pub fn json(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

async fn measure(surface: &'static str, request: Request, next: Next) -> Response {
    let (method, begun) = (known(request.method()), Instant::now());
    let response = next.run(request).await;
    let class = match response.status().as_u16() {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    };
    let labels = [("surface", surface), ("method", method), ("status", class)];
    metrics::counter!("fyr_requests_total", &labels).increment(1);
    metrics::histogram!("fyr_request_seconds", "surface" => surface)
        .record(begun.elapsed().as_secs_f64());
    response
}

/// A client may send any method; a label may not be any.
fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "PUT" => "PUT",
        "POST" => "POST",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        _ => "other",
    }
}

#[cfg(test)]
mod tests;
