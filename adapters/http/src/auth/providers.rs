use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use serde_json::Value;

use crate::caller::VerifiedUser;
use crate::error::{ApiError, ApiResult};

/// Signing in elsewhere. No provider can be configured yet, so that each is unknown; without these the front end's page
/// would be sent in their place.
pub struct SignInProvidersApi;

fn unknown() -> ApiResult<Json<Value>> {
    Err(ApiError::not_found(
        "No such provider is configured to sign in with.",
    ))
}

#[OpenApi]
impl SignInProvidersApi {
    /// Leads to a provider.
    #[oai(path = "/oauth/:provider/login", method = "get")]
    async fn login(&self, #[oai(name = "provider")] _provider: Path<String>) -> ApiResult<Json<Value>> {
        unknown()
    }

    /// Where a provider sends people back to.
    #[oai(path = "/oauth/:provider/login/callback", method = "get")]
    async fn login_callback(
        &self,
        #[oai(name = "provider")] _provider: Path<String>,
    ) -> ApiResult<Json<Value>> {
        unknown()
    }

    /// The same under its older name.
    #[oai(path = "/oauth/:provider/callback", method = "get")]
    async fn callback(&self, #[oai(name = "provider")] _provider: Path<String>) -> ApiResult<Json<Value>> {
        unknown()
    }

    /// Leads to the provider of a tool server.
    #[oai(path = "/oauth/clients/:client_id/authorize", method = "get")]
    async fn authorize(
        &self,
        _caller: VerifiedUser,
        #[oai(name = "client_id")] _client_id: Path<String>,
    ) -> ApiResult<Json<Value>> {
        unknown()
    }
}
