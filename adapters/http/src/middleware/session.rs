//! The session cookie: set when a request changed its session, taken back when it emptied it, else left alone.

use std::sync::Arc;

use poem::http::{HeaderValue, header};
use poem::{Endpoint, EndpointExt, IntoResponse, Response};

use crate::caller::cookies_named;
use crate::session::{LazySession, SESSION_COOKIE, Sessions};

/// Gives every request a [`Session`](crate::session::Session).
pub fn with_sessions<E>(inner: E, sessions: Arc<Sessions>) -> impl Endpoint<Output = Response>
where
    E: Endpoint<Output = Response> + 'static,
{
    let layer = inner.around(move |next, mut request| {
        let sessions = sessions.clone();
        async move {
            let cookies = cookies_named(&request, SESSION_COOKIE).collect();
            let session = LazySession::new(sessions, cookies);
            request.extensions_mut().insert(session.clone());
            let mut response: Response = next.call(request).await?;
            match session.persist().await {
                Ok(Some(cookie)) => {
                    if let Ok(value) = HeaderValue::from_str(&cookie) {
                        response.headers_mut().append(header::SET_COOKIE, value);
                    }
                    Ok(response)
                }
                Ok(None) => Ok(response),
                // What the answer promises would be forgotten by the next request.
                Err(error) => Ok(error.into_response()),
            }
        }
    });
    layer.map_to_response()
}
