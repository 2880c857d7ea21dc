//! The layers around the routes, in the contract's order, outermost first: CORS, websocket-upgrade check, process
//! time, API-key restriction, security headers, redirects, compression. Each can be switched as the reference's can.

mod api_keys;
mod compression;
mod cors;
mod panics;
mod process_time;
mod redirects;
mod security_headers;
mod websocket;

pub use cors::CorsOptions;
pub use security_headers::SecurityHeaders;
pub(crate) use websocket::SOCKET_PATH;

use poem::endpoint::BoxEndpoint;
use poem::middleware::CookieJarManager;
use poem::{Endpoint, EndpointExt, Response};

use crate::error;
use crate::router::{HttpOptions, Services};

/// Puts every layer around the routes.
pub(crate) fn wrap<E>(routes: E, services: &Services, options: &HttpOptions) -> BoxEndpoint<'static, Response>
where
    E: Endpoint<Output = Response> + 'static,
{
    let shaped = panics::caught(routes.catch_all_error(error::shape));
    let compressed = if options.compression {
        compression::layer(shaped).boxed()
    } else {
        shaped.boxed()
    };
    let redirected = redirects::layer(compressed);
    let secured = security_headers::layer(redirected, options.security_headers.clone());
    let restricted = api_keys::layer(secured, services.settings.clone());
    let timed = process_time::layer(restricted);
    let checked = websocket::layer(timed);
    cors::layer(checked, options.cors.clone())
        .with(CookieJarManager::new())
        .map_to_response()
        .boxed()
}
