//! What comes in, as the rooms can take it: the boundary for null characters, which PostgreSQL keeps in no text, and for
//! cookies of other applications. Bodies pass [`crate::body`], which takes null characters out of them.

use poem::http::uri::PathAndQuery;
use poem::http::{HeaderMap, HeaderValue, Uri, header};
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response};
use serde_json::Value;

use crate::error::{ApiError, Place, ValidationError};

/// A null character in an address.
const NULL: &str = "%00";

/// Takes cookies that nobody can read and null characters in queries out of requests, and refuses paths with null
/// characters: no object has such a name.
pub(crate) fn layer<E>(inner: E) -> impl Endpoint<Output = Response>
where
    E: Endpoint<Output = Response> + 'static,
{
    inner.around(|next, mut request| async move {
        if request.uri().path().contains(NULL) {
            let loc = vec![Place::from("path")];
            let error = ValidationError::new(
                "value_error",
                loc,
                "A path holds no null characters.",
                Value::Null,
            );
            return Ok(ApiError::unprocessable(&[error]).into_response());
        }
        clean_query(&mut request);
        clean_cookies(request.headers_mut());
        next.call(request).await
    })
}

fn clean_query(request: &mut Request) {
    let uri = request.uri();
    let Some(query) = uri.query().filter(|query| query.contains(NULL)) else {
        return;
    };
    let target = format!("{}?{}", uri.path(), query.replace(NULL, ""));
    let Ok(target) = target.parse::<PathAndQuery>() else {
        return;
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(target);
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
}

/// One cookie of another application with bytes that are no text would hide all others of its header.
fn clean_cookies(headers: &mut HeaderMap) {
    let is_clean = |value: &HeaderValue| value.to_str().is_ok_and(|text| !text.contains(NULL));
    if headers.get_all(header::COOKIE).iter().all(is_clean) {
        return;
    }
    let readable: Vec<HeaderValue> = headers
        .get_all(header::COOKIE)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|cookie| HeaderValue::from_bytes(cookie.trim_ascii()).ok())
        .filter(is_clean)
        .collect();
    headers.remove(header::COOKIE);
    for cookie in readable {
        headers.append(header::COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_lose_null_characters_alone() {
        for (given, kept) in [
            ("/a?text=x%00y", "/a?text=xy"),
            ("/a?%00=%00&b=1", "/a?=&b=1"),
            ("/a?text=%2500", "/a?text=%2500"),
            ("/a?text=%E4%00%20", "/a?text=%E4%20"),
            ("/a?", "/a?"),
            ("/a", "/a"),
            ("/?x=%00%00%00", "/?x="),
            ("http://h:1/a?b=%00", "http://h:1/a?b="),
        ] {
            let mut request = Request::builder().uri_str(given).finish();
            clean_query(&mut request);
            assert_eq!(request.uri().to_string(), kept, "{given}");
        }
    }

    #[test]
    fn cookies_of_others_do_no_harm() {
        for other in [
            &b"name=J\xfcrgen"[..],
            b"\xff=\xfe",
            b"a=\"\xc3\xbc\"",
            b"b=%00",
            b"c=\xe4; d=\xf6; \xfc=1",
            b"=;;",
            b"e",
            b"",
        ] {
            for cookies in [[other, b"token=abc"], [b"token=abc", other]] {
                let mut headers = HeaderMap::new();
                let joined = HeaderValue::from_bytes(&cookies.join(&b"; "[..])).expect("bytes of a header");
                headers.append(header::COOKIE, joined);
                clean_cookies(&mut headers);
                let texts = headers.get_all(header::COOKIE).iter().map(HeaderValue::to_str);
                let texts: Vec<&str> = texts.collect::<Result<_, _>>().expect("only texts are left");
                assert!(
                    texts
                        .iter()
                        .any(|text| text.split("; ").any(|cookie| cookie == "token=abc")),
                    "{}: {texts:?}",
                    other.escape_ascii()
                );
            }
        }
    }
}
