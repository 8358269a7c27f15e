//! Whoever is refused before the body was read is heard out, so that they hear the refusal.
//!
//! Over HTTP/1 a client that writes while the connection is closed beneath it gets a broken
//! connection, and never reads what it was answered (RFC 9112, 9.6). So what is left of a body is
//! read and thrown away before the answer goes out: so much of it, and for so long.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use hyper::{
    Request, Response, Version,
    body::{Body, Bytes, Frame, Incoming, SizeHint},
    header::EXPECT,
};
use tokio::{sync::oneshot, time::timeout};

/// Twice what anybody may send to ARM: whoever sends more is cut off, as before.
pub(super) const BYTES_MAX: u64 = 8 << 20;
/// So long somebody may take to send what nobody reads.
const PATIENCE: Duration = Duration::from_secs(5);

/// A body that goes back to whoever lent it once it is let go of.
pub(super) struct Lent {
    body: Option<Incoming>,
    back: Option<oneshot::Sender<Incoming>>,
    /// Whether the client sends without having been asked to.
    is_coming: bool,
}

impl Body for Lent {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let lent = self.get_mut();
        lent.is_coming = true;
        lent.body.as_mut().map_or(Poll::Ready(None), |it| Pin::new(it).poll_frame(cx))
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(Body::size_hint).unwrap_or_default()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // Whoever waits for "100 Continue" sends nothing once it is refused.
        let unread = self.body.take().filter(|it| self.is_coming && !it.is_end_stream());
        if let (Some(body), Some(back)) = (unread, self.back.take()) {
            let _nobody_waits = back.send(body);
        }
    }
}

/// The answer, once what is left of the body has been heard.
pub(super) async fn heard_out<B, E>(
    request: Request<Incoming>,
    answer: impl AsyncFnOnce(Request<Lent>) -> Result<Response<B>, E>,
) -> Result<Response<B>, E> {
    // HTTP/2 says by itself that no more of a body is wanted.
    let is_old = request.version() <= Version::HTTP_11;
    let is_coming = !request.headers().contains_key(EXPECT);
    let (back, mut given_back) = oneshot::channel();
    let request =
        request.map(|body| Lent { body: Some(body), back: is_old.then_some(back), is_coming });
    let answered = answer(request).await;
    if let Ok(left) = given_back.try_recv() {
        let _enough = timeout(PATIENCE, thrown_away(left)).await;
    }
    answered
}

async fn thrown_away(mut body: Incoming) {
    let mut heard = 0;
    while let Some(Ok(frame)) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        heard += u64::try_from(bytes).unwrap_or(u64::MAX);
        if heard > BYTES_MAX {
            return;
        }
    }
}
