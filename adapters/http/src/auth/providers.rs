use keelson_application::auth::UnknownProvider;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::Tag;
use super::error::ProviderResult;
use crate::caller::VerifiedUser;
use crate::raw::Never;

/// Signing in at other providers. None can be configured yet, so that each is unknown, which is answered with 404 as for
/// any provider that is not configured; without these operations the front end's page would be sent in their place.
pub(super) struct SignInProvidersApi;

#[OpenApi(prefix_path = "/oauth", tag = "Tag::Oauth")]
impl SignInProvidersApi {
    /// Begins to sign in at a provider.
    #[oai(path = "/:provider/login", method = "get", operation_id = "oauth_login")]
    async fn login(
        &self,
        /// The provider, such as `google`.
        provider: Path<String>,
    ) -> ProviderResult<Never> {
        Err(UnknownProvider(provider.0).into())
    }

    /// Ends signing in at a provider, which sends people back to here.
    #[oai(
        path = "/:provider/login/callback",
        method = "get",
        operation_id = "oauth_login_callback"
    )]
    async fn login_callback(
        &self,
        /// The provider, such as `google`.
        provider: Path<String>,
    ) -> ProviderResult<Never> {
        Err(UnknownProvider(provider.0).into())
    }

    /// Ends signing in at a provider, under the older path.
    #[oai(path = "/:provider/callback", method = "get", operation_id = "oauth_callback")]
    async fn callback(
        &self,
        /// The provider, such as `google`.
        provider: Path<String>,
    ) -> ProviderResult<Never> {
        Err(UnknownProvider(provider.0).into())
    }

    /// Begins to sign in at the provider of a tool server.
    #[oai(
        path = "/clients/:client_id/authorize",
        method = "get",
        operation_id = "oauth_authorize_client"
    )]
    async fn authorize_client(
        &self,
        _caller: VerifiedUser,
        /// The client that is registered for the tool server.
        client_id: Path<String>,
    ) -> ProviderResult<Never> {
        Err(UnknownProvider(client_id.0).into())
    }
}
