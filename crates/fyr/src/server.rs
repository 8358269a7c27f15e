//! Serving over TLS: bounded, and stopped without cutting a request short.

use std::{net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, extract::ConnectInfo};
use hyper::service::Service;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
    service::TowerToHyperService,
};
use rustls::ServerConfig;
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{Signal, SignalKind, signal},
    sync::{Semaphore, watch},
    task::JoinSet,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

mod hearing;

/// A client that has not shaken hands by then is gone, or means no good.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// For the head of a request, and for a kept connection to be used again.
const HEAD: Duration = Duration::from_mins(1);
/// What a request's line and headers may hold together.
const HEAD_BYTES_MAX: usize = 64 * 1024;
const HEADERS_MAX: usize = 100;
/// One client's requests at a time over one HTTP/2 connection.
const STREAMS_MAX: u32 = 128;
/// Below the usual limit of open files.
const CONNECTIONS_MAX: usize = 800;
/// How long requests in flight may take to finish once the server stops.
pub const GRACE: Duration = Duration::from_secs(20);

/// Says when to stop, to whoever listens.
pub type Stop = watch::Receiver<bool>;

/// Ends when it is time to stop, or when nobody is left to say so.
pub async fn stopped(stop: &mut Stop) {
    let _whoever_said_it = stop.wait_for(|stop| *stop).await;
}

/// Serves the listener until told to stop; then lets requests in flight finish, within bounds.
pub async fn serve(
    surface: &'static str,
    listener: TcpListener,
    tls: Arc<ServerConfig>,
    router: Router,
    stop: Stop,
) {
    let acceptor = TlsAcceptor::from(tls);
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut connections = JoinSet::new();
    let mut stopping = stop.clone();
    loop {
        let place = tokio::select! {
            () = stopped(&mut stopping) => break,
            place = Arc::clone(&places).acquire_owned() => place,
        };
        let accepted = tokio::select! {
            () = stopped(&mut stopping) => break,
            accepted = listener.accept() => accepted,
        };
        while connections.try_join_next().is_some() {}
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Mostly too many open files: others must end first.
                tracing::warn!(surface, %error, "a connection was not accepted");
                tokio::task::yield_now().await;
                continue;
            }
        };
        let (acceptor, router, stop) = (acceptor.clone(), router.clone(), stop.clone());
        connections.spawn(async move {
            let _place = place;
            let _open = Gauge::raised(surface);
            connection(surface, acceptor, stream, peer, router, stop).await;
        });
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    if timeout(GRACE, all).await.is_err() {
        tracing::warn!(surface, left = connections.len(), "requests were cut short");
    }
}

async fn connection(
    surface: &'static str,
    acceptor: TlsAcceptor,
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut stop: Stop,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(surface, %peer, %error, "small answers will be slow");
    }
    let stream = match timeout(HANDSHAKE, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return failed(surface, peer, &error.to_string()),
        Err(_) => return failed(surface, peer, "it took too long"),
    };
    let service = TowerToHyperService::new(router);
    let service = hyper::service::service_fn(move |mut request: hyper::Request<_>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let service = service.clone();
        hearing::heard_out(request, async move |request| service.call(request).await)
    });
    let builder = bounded();
    let mut serving = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        () = stopped(&mut stop) => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(surface, %peer, error, "a connection broke");
    }
}

fn failed(surface: &'static str, peer: SocketAddr, reason: &str) {
    metrics::counter!("fyr_handshakes_failed_total", "surface" => surface).increment(1);
    tracing::debug!(surface, %peer, reason, "no handshake");
}

fn bounded() -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(u32::try_from(HEAD_BYTES_MAX).unwrap_or(u32::MAX))
        .keep_alive_interval(HEAD)
        .keep_alive_timeout(HANDSHAKE);
    builder
}

/// Counts a connection as long as it is open.
struct Gauge(&'static str);

impl Gauge {
    fn raised(surface: &'static str) -> Self {
        metrics::gauge!("fyr_connections", "surface" => surface).increment(1);
        Self(surface)
    }
}

impl Drop for Gauge {
    fn drop(&mut self) {
        metrics::gauge!("fyr_connections", "surface" => self.0).decrement(1);
    }
}

/// What says from outside that it is time to stop: SIGTERM and SIGINT.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub fn open() -> std::io::Result<Self> {
        let (terminate, interrupt) = (SignalKind::terminate(), SignalKind::interrupt());
        Ok(Self { terminate: signal(terminate)?, interrupt: signal(interrupt)? })
    }

    /// Ends at the next signal.
    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => tracing::info!("stopping on SIGTERM"),
            _ = self.interrupt.recv() => tracing::info!("stopping on SIGINT"),
        }
    }
}

#[cfg(test)]
mod tests;
