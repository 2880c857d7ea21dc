//! Which room answers where.
//!
//! A room adds its API struct to [`Services::api`] and, if it has routes that are no JSON operations (files,
//! pages), to [`routes`].

use std::sync::Arc;

use keelson_application::auth::Authenticator;
use poem::endpoint::BoxEndpoint;
use poem::{EndpointExt, Response, Route};
use poem_openapi::{OpenApi, OpenApiService};

use crate::error;

/// What the rooms' operations call.
#[derive(Clone)]
pub struct Services {
    /// Who is calling.
    pub authenticator: Arc<Authenticator>,
}

/// What the operator fixed about HTTP.
#[derive(Debug, Clone, Default)]
pub struct HttpOptions {
    /// Whether `/openapi.json` and `/docs` are served (`ENV=dev`).
    pub serve_openapi: bool,
}

fn service(_services: &Services) -> OpenApiService<impl OpenApi, ()> {
    // A tuple holds at most 16 APIs, so the rooms stand in groups.
    let identity = ();
    let conversations = ();
    let models = ();
    let workspace = ();
    let platform = ();
    OpenApiService::new(
        (identity, conversations, models, workspace, platform),
        "Keelson",
        env!("CARGO_PKG_VERSION"),
    )
}

/// The OpenAPI document that clients are generated from.
pub fn openapi_document(services: &Services) -> String {
    service(services).spec()
}

/// Every route, without the outer layers.
pub fn routes(services: &Services, options: &HttpOptions) -> BoxEndpoint<'static, Response> {
    let api = service(services);
    let mut route = Route::new();
    if options.serve_openapi {
        route = route
            .at("/openapi.json", api.spec_endpoint())
            .nest("/docs", api.swagger_ui());
    }
    route
        .nest("/", api)
        .data(services.authenticator.clone())
        .catch_all_error(error::shape)
        .boxed()
}
