//! How large a request's body may be, and how long it may come to a halt.
//!
//! Bodies of operations are read into memory, so that somebody could fill it. Files are streamed to the disk (multipart)
//! and have limits of their own.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::combinators::BoxBody;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use poem::http::header;
use poem::{Body, Endpoint, EndpointExt, Request, Response};
use tokio::time::{Sleep, sleep};

use crate::body::too_large;

/// Limits of bodies.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// The largest body, in bytes; multipart bodies may be larger.
    pub size: u64,
    /// How long a client may send nothing in the middle of a body.
    pub stall: Duration,
}

impl Default for BodyLimits {
    /// Chats of tens of megabytes exist, and are sent whole.
    fn default() -> Self {
        Self {
            size: 128 * 1024 * 1024,
            stall: Duration::from_secs(30),
        }
    }
}

pub(crate) fn layer<E>(inner: E, limits: BodyLimits) -> impl Endpoint<Output = Response>
where
    E: Endpoint<Output = Response> + 'static,
{
    inner.around(move |next, mut request| async move {
        let size = if streamed(&request) { u64::MAX } else { limits.size };
        let announced = request
            .header(header::CONTENT_LENGTH)
            .and_then(|length| length.parse::<u64>().ok());
        if announced.is_some_and(|announced| announced > size) {
            return Ok(too_large(size).answer_to(request.uri().path()));
        }
        let body = request.take_body();
        // Most requests have no body; they need no watch.
        if body.is_empty() {
            request.set_body(body);
        } else {
            let body = Limited {
                frames: body.into(),
                room: size,
                stall: limits.stall,
                waiting: None,
            };
            request.set_body(Body::from(body.boxed()));
        }
        next.call(request).await
    })
}

fn streamed(request: &Request) -> bool {
    request
        .content_type()
        .is_some_and(|kind| kind.starts_with("multipart/form-data"))
}

/// A body that ends with an error when it becomes too large or stands still.
struct Limited {
    frames: BoxBody<Bytes, io::Error>,
    room: u64,
    stall: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl HttpBody for Limited {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match Pin::new(&mut self.frames).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                self.waiting = None;
                let length = frame.data_ref().map_or(0, |data| data.len() as u64);
                match self.room.checked_sub(length) {
                    Some(room) => {
                        self.room = room;
                        Poll::Ready(Some(Ok(frame)))
                    }
                    None => Poll::Ready(Some(Err(io::ErrorKind::FileTooLarge.into()))),
                }
            }
            Poll::Pending => {
                let stall = self.stall;
                let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(stall)));
                if waiting.as_mut().poll(context).is_ready() {
                    return Poll::Ready(Some(Err(io::ErrorKind::TimedOut.into())));
                }
                Poll::Pending
            }
            ended => ended,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.frames.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.frames.size_hint()
    }
}
