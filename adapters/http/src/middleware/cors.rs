//! Cross-origin requests: credentials allowed, every method and header, the origins of `CORS_ALLOW_ORIGIN`.
//!
//! poem's own layer is not used: it refuses simple requests of other origins, which the contract lets through
//! without the CORS headers.

use std::sync::Arc;

use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, EndpointExt, Request, Response};

const METHODS: &str = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";
/// How long a browser may keep the answer to a preflight, in seconds (the reference's value).
const MAX_AGE: u64 = 600;

/// Which origins may call from elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CorsOptions {
    /// Allowed origins; `*` allows any.
    pub origins: Vec<String>,
}

impl CorsOptions {
    fn allows_any(&self) -> bool {
        self.origins.iter().any(|origin| origin == "*")
    }

    fn allows(&self, origin: &HeaderValue) -> bool {
        self.allows_any()
            || self
                .origins
                .iter()
                .any(|allowed| allowed.as_bytes() == origin.as_bytes())
    }
}

pub(crate) fn layer<E>(inner: E, options: CorsOptions) -> impl Endpoint<Output = Response>
where
    E: Endpoint<Output = Response> + 'static,
{
    let options = Arc::new(options);
    inner.around(move |next, request| {
        let options = options.clone();
        async move {
            let Some(origin) = request.headers().get(header::ORIGIN).cloned() else {
                return next.call(request).await;
            };
            let preflight = request.method() == Method::OPTIONS
                && request
                    .headers()
                    .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
            if preflight {
                return Ok(answer_preflight(&options, &origin, &request));
            }
            let with_cookie = request.headers().contains_key(header::COOKIE);
            let mut response = next.call(request).await?;
            mark(&options, &origin, with_cookie, response.headers_mut());
            Ok(response)
        }
    })
}

fn answer_preflight(options: &CorsOptions, origin: &HeaderValue, request: &Request) -> Response {
    let mut response = Response::builder().finish();
    if options.allows(origin) {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static(METHODS),
        );
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from(MAX_AGE));
        headers.insert(header::VARY, HeaderValue::from_static("Origin"));
        if let Some(wanted) = request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
        }
    } else {
        response.set_status(StatusCode::BAD_REQUEST);
        response
            .headers_mut()
            .insert(header::VARY, HeaderValue::from_static("Origin"));
    }
    response
}

fn mark(options: &CorsOptions, origin: &HeaderValue, with_cookie: bool, headers: &mut HeaderMap) {
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
        HeaderValue::from_static("true"),
    );
    if options.allows_any() && !with_cookie {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    } else if options.allows(origin) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
}
