//! A request that says it is a websocket but brings no upgrade headers is refused, before it reaches the socket layer.

use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response};

use crate::error::ApiError;

/// Path of the socket layer.
pub(crate) const SOCKET_PATH: &str = "/ws/socket.io";

pub(crate) fn layer<E>(inner: E) -> impl Endpoint<Output = Response>
where
    E: Endpoint<Output = Response> + 'static,
{
    inner.around(|next, request| async move {
        if claims_websocket(&request) && !upgrades(&request) {
            return Ok(
                ApiError::bad_request("This path needs the headers of a websocket upgrade.").into_response(),
            );
        }
        next.call(request).await
    })
}

fn claims_websocket(request: &Request) -> bool {
    let uri = request.uri();
    uri.path().contains(SOCKET_PATH)
        && uri
            .query()
            .is_some_and(|query| query.split('&').any(|pair| pair == "transport=websocket"))
}

fn upgrades(request: &Request) -> bool {
    let has = |name: &str, wanted: &str| {
        request.header(name).is_some_and(|value| {
            value
                .split(',')
                .any(|part| part.trim().eq_ignore_ascii_case(wanted))
        })
    };
    has("upgrade", "websocket") && has("connection", "upgrade")
}
