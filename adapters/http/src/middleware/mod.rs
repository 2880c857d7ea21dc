//! The layers around the routes, in the contract's order, outermost first: session, CORS, websocket-upgrade check,
//! process time, API-key restriction, security headers, redirects, compression, limits of
//! bodies, audit. Each can be switched as the reference's
//! can.

mod api_keys;
mod audit;
mod compression;
mod cors;
mod limits;
mod panics;
mod process_time;
mod redirects;
mod security_headers;
mod session;
mod websocket;

pub use cors::CorsOptions;
pub use limits::BodyLimits;
pub(crate) use limits::body_error;
pub use security_headers::SecurityHeaders;
pub use session::with_sessions;
pub(crate) use websocket::SOCKET_PATH;

use keelson_domain::audit::AuditLevel;
use poem::endpoint::BoxEndpoint;
use poem::{Endpoint, EndpointExt, Response};

use crate::router::{HttpOptions, Services};
use crate::shape;

/// Puts every layer around the routes.
pub(crate) fn wrap<E>(routes: E, services: &Services, options: &HttpOptions) -> BoxEndpoint<'static, Response>
where
    E: Endpoint<Output = Response> + 'static,
{
    let shaped = panics::caught(shape::shaped(routes));
    let audited = if services.audit.policy.level == AuditLevel::None {
        shaped.boxed()
    } else {
        audit::layer(shaped, services.audit.clone(), services.authenticator.clone()).boxed()
    };
    let limited = limits::layer(audited, options.bodies);
    let compressed = if options.compression {
        compression::layer(limited).boxed()
    } else {
        limited.boxed()
    };
    let redirected = redirects::layer(compressed);
    let secured = security_headers::layer(redirected, options.security_headers.clone());
    let restricted = api_keys::layer(secured, services.settings.clone());
    let timed = process_time::layer(restricted);
    let checked = websocket::layer(timed);
    let shared = cors::layer(checked, options.cors.clone());
    with_sessions(shared, services.sessions.clone())
        .map_to_response()
        .boxed()
}
