//! Sends a file as a file server does: the whole of it or a part, if the conditions of the request hold (RFC 9110).

use std::ops::RangeInclusive;
use std::path::Path;

use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::web::StaticFileRequest;
use poem::web::headers::{
    ETag, HeaderMapExt, IfMatch, IfModifiedSince, IfNoneMatch, IfRange, IfUnmodifiedSince, LastModified,
};
use poem::{FromRequest, IntoResponse, Request, Response};

use crate::error::ApiError;

/// What a request says about the file that it wants: its method, its conditions, and the part of it.
pub(super) struct FileRequest {
    method: Method,
    headers: HeaderMap,
}

/// Headers with conditions, and with the part that is wanted.
const HEADERS: [header::HeaderName; 6] = [
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_UNMODIFIED_SINCE,
    header::IF_RANGE,
    header::RANGE,
];

/// What the conditions of a request come to.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// Send it.
    Send,
    /// The client has it already.
    NotModified,
    /// The client expects another.
    Failed,
}

impl FileRequest {
    pub(super) fn of(request: &Request) -> Self {
        let given = HEADERS
            .into_iter()
            .filter_map(|name| Some((name.clone(), request.headers().get(name)?.clone())));
        Self {
            method: request.method().clone(),
            headers: given.collect(),
        }
    }

    /// Sends a file.
    ///
    /// # Errors
    /// 404 when it cannot be opened.
    pub(super) async fn send(&self, file: &Path) -> Result<Response, ApiError> {
        let whole = open(file, None).await?;
        let (tag, modified) = (whole.headers().typed_get(), whole.headers().typed_get());
        match outcome(&self.headers, tag.as_ref(), modified) {
            Outcome::Failed => {
                let detail = "The file is not the one that the request expects.";
                return Ok(ApiError::new(StatusCode::PRECONDITION_FAILED, detail).into_response());
            }
            Outcome::NotModified => return Ok(not_modified(&whole)),
            Outcome::Send => {}
        }
        let size = whole.headers().typed_get::<poem::web::headers::ContentLength>();
        let size = size.map_or(0, |size| size.0);
        // A part is defined for GET alone.
        let wanted = (self.method == Method::GET)
            .then(|| part(&self.headers, tag.as_ref(), modified.as_ref(), size))
            .flatten();
        let mut response = match wanted {
            None => whole,
            Some(Some(part)) => open(file, Some(part)).await?,
            Some(None) => return Ok(not_satisfiable(size)),
        };
        if self.method == Method::HEAD {
            response.set_body(());
        }
        Ok(response)
    }
}

/// The response with a file or a part of it.
async fn open(file: &Path, part: Option<RangeInclusive<u64>>) -> Result<Response, ApiError> {
    let unknown = || ApiError::not_found("Not Found");
    let mut request = Request::builder();
    if let Some(part) = part {
        request = request.header(header::RANGE, format!("bytes={}-{}", part.start(), part.end()));
    }
    let request = request.finish();
    let opened = StaticFileRequest::from_request_without_body(&request).await;
    let opened = opened.map_err(|_| unknown())?.create_response(file, true, false);
    Ok(opened.map_err(|_| unknown())?.into_response())
}

fn not_modified(whole: &Response) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    for name in [header::ETAG, header::LAST_MODIFIED] {
        if let Some(value) = whole.headers().get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}

fn not_satisfiable(size: u64) -> Response {
    let error = ApiError::new(
        StatusCode::RANGE_NOT_SATISFIABLE,
        format!("The file has {size} bytes; the part that was asked for lies beyond them."),
    );
    let mut response = error.into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("bytes */{size}")) {
        response.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    response
}

/// Judges the conditions in the order of RFC 9110, section 13.2.2; one by a tag counts before one by a time.
fn outcome(headers: &HeaderMap, tag: Option<&ETag>, modified: Option<LastModified>) -> Outcome {
    let is_expected = match headers.typed_get::<IfMatch>() {
        Some(condition) => tag.is_some_and(|tag| condition.precondition_passes(tag)),
        None => match (headers.typed_get::<IfUnmodifiedSince>(), modified) {
            (Some(condition), Some(modified)) => condition.precondition_passes(modified.into()),
            _ => true,
        },
    };
    let is_new = match headers.typed_get::<IfNoneMatch>() {
        Some(condition) => tag.is_none_or(|tag| condition.precondition_passes(tag)),
        None => match (headers.typed_get::<IfModifiedSince>(), modified) {
            (Some(condition), Some(modified)) => condition.is_modified(modified.into()),
            _ => true,
        },
    };
    match (is_expected, is_new) {
        (false, _) => Outcome::Failed,
        (true, false) => Outcome::NotModified,
        (true, true) => Outcome::Send,
    }
}

/// The part that a request wants: none when it wants the whole, none inside when the file has no such part. Several parts
/// at once, other units and what cannot be read are passed over, as a server may; so is a part of an earlier file.
fn part(
    headers: &HeaderMap,
    tag: Option<&ETag>,
    modified: Option<&LastModified>,
    size: u64,
) -> Option<Option<RangeInclusive<u64>>> {
    let range = headers.get(header::RANGE)?.to_str().ok()?;
    if headers
        .typed_get::<IfRange>()
        .is_some_and(|condition| condition.is_modified(tag, modified))
    {
        return None;
    }
    let (unit, spec) = range.split_once('=')?;
    let (first, last) = spec.trim().split_once('-')?;
    let number = |digits: &str| match digits.is_empty() {
        true => Some(None),
        // More digits than fit name a byte beyond every file.
        false if digits.bytes().all(|digit| digit.is_ascii_digit()) => {
            Some(Some(digits.parse().unwrap_or(u64::MAX)))
        }
        false => None,
    };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let end = size.saturating_sub(1);
    let part = match (number(first)?, number(last)?) {
        (None, None) => return None,
        (Some(first), Some(last)) if last < first => return None,
        (Some(first), last) => first..=last.unwrap_or(end).min(end),
        (None, Some(0)) => return Some(None),
        (None, Some(count)) => size.saturating_sub(count)..=end,
    };
    Some(Some(part).filter(|part| *part.start() < size))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        let pair = |(name, value): &(header::HeaderName, &str)| {
            (name.clone(), HeaderValue::from_str(value).expect("a value"))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn the_part_is_read_as_the_standard_says() {
        for (range, wanted) in [
            ("bytes=0-3", Some(Some(0..=3))),
            ("bytes=0-", Some(Some(0..=9))),
            ("bytes=9-", Some(Some(9..=9))),
            ("bytes=4-400", Some(Some(4..=9))),
            ("bytes=-3", Some(Some(7..=9))),
            ("bytes=-30", Some(Some(0..=9))),
            ("BYTES=1-1", Some(Some(1..=1))),
            ("bytes=10-", Some(None)),
            ("bytes=10-12", Some(None)),
            ("bytes=99999999999999999999-", Some(None)),
            ("bytes=-0", Some(None)),
            ("bytes=0-1,3-4", None),
            ("bytes=3-1", None),
            ("bytes=-", None),
            ("bytes=a-b", None),
            ("bytes=+1-2", None),
            ("bytes", None),
            ("lines=0-3", None),
            ("", None),
        ] {
            let given = headers(&[(header::RANGE, range)]);
            assert_eq!(part(&given, None, None, 10), wanted, "{range}");
        }
        let given = headers(&[(header::RANGE, "bytes=0-")]);
        assert_eq!(
            part(&given, None, None, 0),
            Some(None),
            "an empty file has no part"
        );
        assert_eq!(part(&HeaderMap::new(), None, None, 10), None);
    }
}
