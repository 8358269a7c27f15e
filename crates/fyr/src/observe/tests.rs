use std::net::{IpAddr, Ipv4Addr};

use axum::{extract::DefaultBodyLimit, routing::post};
use http_body_util::BodyExt;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;

use super::*;

const NEIGHBOUR: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
const MYSELF: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Status and text of the answer to a request from that address.
async fn answer(router: Router, request: Request, from: IpAddr) -> (u16, String) {
    let mut request = request;
    request.extensions_mut().insert(ConnectInfo(SocketAddr::new(from, 1)));
    let response = TowerToHyperService::new(router).call(request).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn asking(path: &str) -> Request {
    Request::get(path).body(Body::empty()).unwrap()
}

fn served(ready: bool) -> Router {
    let echo = |body: String| async move { body.len().to_string() };
    let router = Router::new().route("/echo", post(echo).layer(DefaultBodyLimit::disable()));
    let metrics = Metrics(PrometheusBuilder::new().build_recorder().handle());
    surface("test", router, Arc::new(move || ready), metrics)
}

#[tokio::test]
async fn the_probes_tell_alive_from_ready() {
    for (ready, status) in [(true, 200), (false, 503)] {
        assert_eq!(answer(served(ready), asking("/livez"), NEIGHBOUR).await.0, 200);
        assert_eq!(answer(served(ready), asking("/readyz"), NEIGHBOUR).await.0, status);
    }
}

#[tokio::test]
async fn only_this_machine_sees_the_metrics() {
    for (from, status) in [(MYSELF, 200), (NEIGHBOUR, 404)] {
        assert_eq!(answer(served(true), asking("/metrics"), from).await.0, status, "{from}");
    }
}

#[tokio::test]
async fn a_body_without_end_is_cut_off() {
    for (bytes, status) in [(10, 200), (BODY_BYTES_MAX + 1, 413)] {
        let request = Request::post("/echo").body(Body::from("x".repeat(bytes))).unwrap();
        assert_eq!(answer(served(true), request, MYSELF).await.0, status, "{bytes}");
    }
}

#[test]
fn a_label_is_one_of_a_few() {
    for (method, label) in [("GET", "GET"), ("PROPFIND", "other"), ("get", "other")] {
        assert_eq!(known(&Method::from_bytes(method.as_bytes()).unwrap()), label);
    }
}
