//! The routes of all rooms, and the layers around them.

use keelson_domain::audit::AuditLevel;
use poem::endpoint::{BoxEndpoint, make_sync};
use poem::{Endpoint, EndpointExt, IntoResponse, Response, Route};
use poem_openapi::OpenApiService;

use crate::error::ApiError;
use crate::middleware::{
    BodyLimits, CorsOptions, SOCKET_PATH, SecurityHeaders, api_keys, audit, compression, cors, inbound,
    limits, panics, paths, process_time, redirects, security_headers, websocket, with_sessions,
};
use crate::openapi::{self, Description, Routed};
use crate::rooms;
use crate::services::Services;
use crate::shape::shaped;
use crate::system::{Frontend, with_frontend};

/// What the operator fixed about HTTP.
#[derive(Debug, Clone, Default)]
pub struct HttpOptions {
    /// Whether `/openapi.json` and `/docs` are served (`ENV=dev`).
    pub serve_openapi: bool,
    /// Whether answers are compressed.
    pub compression: bool,
    /// How large bodies may be.
    pub bodies: BodyLimits,
    /// Which origins may call from elsewhere.
    pub cors: CorsOptions,
    /// Headers set on every answer.
    pub security_headers: SecurityHeaders,
    /// Where the front end lies.
    pub frontend: Frontend,
}

/// The document that clients are generated from.
///
/// # Errors
/// When the framework writes no JSON.
pub fn openapi_document() -> Result<String, serde_json::Error> {
    openapi::document(&Description::of(rooms))
}

/// The routes of the rooms, without layers.
fn routes(services: &Services, options: &HttpOptions) -> impl Endpoint + use<> {
    let mut route = Route::new();
    if options.serve_openapi {
        let document = make_sync(|_| match openapi_document() {
            Ok(document) => document.with_content_type("application/json").into_response(),
            Err(error) => ApiError::unexpected(&error.into()).into_response(),
        });
        route = route
            .at("/openapi.json", document)
            .nest("/docs", Description::of(rooms).swagger_ui());
    }
    let api = OpenApiService::new(Routed(rooms(services)), "Keelson", env!("CARGO_PKG_VERSION"));
    route
        .nest("/", api)
        .data(services.authenticator.clone())
        .data(services.auth.clone())
}

/// The whole way in over HTTP: every route with every layer. `sockets` serves the socket path, where it is given.
pub fn endpoint(
    services: &Services,
    options: &HttpOptions,
    sockets: Option<BoxEndpoint<'static, Response>>,
) -> BoxEndpoint<'static, Response> {
    let pages = with_frontend(routes(services, options), options.frontend.clone());
    let routes = Route::new().nest("/", pages);
    let routes = match sockets {
        Some(sockets) => routes.nest(SOCKET_PATH, sockets),
        None => routes,
    };
    wrap(routes, services, options)
}

/// Puts every layer around the routes.
fn wrap<E>(routes: E, services: &Services, options: &HttpOptions) -> BoxEndpoint<'static, Response>
where
    E: Endpoint<Output = Response> + 'static,
{
    let shaped = panics::caught(shaped(routes));
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
    let with_sessions = with_sessions(shared, services.sessions.clone()).map_to_response();
    inbound::layer(paths::layer(with_sessions).map_to_response()).boxed()
}
