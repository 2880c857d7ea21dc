//! Compresses answers by `Accept-Encoding`: zstd, br, gzip or deflate, the client's favourite first.
//!
//! poem's own layer is not used: it compresses event streams, tiny answers and pictures too, and does not know
//! the name of zstd. Its encoders are; only the choice is made here, as no crate makes it for poem's requests.

use http_body_util::combinators::BoxBody;
use hyper::body::Body as _;
use poem::http::{HeaderValue, StatusCode, header};
use poem::web::{Compress, CompressionAlgo, CompressionLevel};
use poem::{Body, Endpoint, EndpointExt, IntoResponse, Request, Response};

/// Answers below this size in bytes stay as they are (the reference's limit).
const MINIMUM: u64 = 500;

pub(crate) fn layer<E>(inner: E) -> impl Endpoint<Output = Response>
where
    E: Endpoint<Output = Response> + 'static,
{
    inner.around(|next, request| async move {
        let wanted = wanted(&request);
        let (response, size) = measured(next.call(request).await?);
        Ok(match wanted.filter(|_| worthwhile(&response, size)) {
            Some((algorithm, name)) => compress(response, algorithm, name),
            None => response,
        })
    })
}

fn compress(response: Response, algorithm: CompressionAlgo, name: &'static str) -> Response {
    let mut response = Compress::new(response, algorithm)
        .with_quality(CompressionLevel::Fastest)
        .into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    response
}

/// The encoding that the client likes best among those we have.
fn wanted(request: &Request) -> Option<(CompressionAlgo, &'static str)> {
    let accepted = request.header(header::ACCEPT_ENCODING)?;
    accepted
        .split(',')
        .filter_map(|entry| {
            let (name, weight) = entry.split_once(";q=").unwrap_or((entry, "1"));
            let (algorithm, name, rank) = match name.trim() {
                "zstd" => (CompressionAlgo::ZSTD, "zstd", 4),
                "br" => (CompressionAlgo::BR, "br", 3),
                "gzip" => (CompressionAlgo::GZIP, "gzip", 2),
                "deflate" => (CompressionAlgo::DEFLATE, "deflate", 1),
                _ => return None,
            };
            let weight = weight.trim().parse::<f32>().ok().filter(|weight| *weight > 0.0)?;
            // A weight has at most three decimals.
            Some(((weight * 1000.0) as u32, rank, algorithm, name))
        })
        .max_by_key(|(weight, rank, ..)| (*weight, *rank))
        .map(|(_, _, algorithm, name)| (algorithm, name))
}

/// Splits an answer into itself and the size of its body, if that is known.
fn measured(mut response: Response) -> (Response, Option<u64>) {
    let body: BoxBody<_, _> = response.take_body().into();
    let size = body.size_hint().exact();
    response.set_body(Body::from(body));
    (response, size)
}

fn worthwhile(response: &Response, size: Option<u64>) -> bool {
    const TEXTUAL: [&str; 6] = [
        "text/",
        "application/json",
        "application/javascript",
        "application/xml",
        "image/svg",
        "application/wasm",
    ];
    let kind = response.content_type().unwrap_or("");
    TEXTUAL.iter().any(|prefix| kind.starts_with(prefix))
        && !kind.starts_with("text/event-stream")
        && size.is_none_or(|size| size >= MINIMUM)
        && response.status() != StatusCode::PARTIAL_CONTENT
        && !response.headers().contains_key(header::CONTENT_ENCODING)
}
