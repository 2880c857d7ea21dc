//! Who asks: extractors that let a request in or turn it away.
//!
//! An operation takes [`Admin`], [`VerifiedUser`] or [`AnyCaller`], by the least that it needs.

use std::sync::Arc;

use keelson_application::auth::{Auth, AuthError, Authenticator};
use keelson_domain::auth::Caller;
use keelson_domain::user::Role;
use poem::http::StatusCode;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use crate::error::ApiError;

/// A signed-in account of any role, pending ones too.
pub struct AnyCaller(pub Caller);

/// A signed-in user or admin.
pub struct VerifiedUser(pub Caller);

/// A signed-in admin.
pub struct Admin(pub Caller);

/// The credential of a request: the bearer token or key of the header, else the cookie `token`.
pub fn credential(request: &Request) -> Option<String> {
    let header = request
        .headers()
        .get("authorization")
        .and_then(|value| value.to_str().ok());
    if let Some(value) = header {
        let (scheme, token) = value.split_once(' ')?;
        return scheme
            .eq_ignore_ascii_case("bearer")
            .then(|| token.trim().to_owned());
    }
    request
        .cookie()
        .get("token")
        .map(|cookie| cookie.value_str().to_owned())
}

/// The caller of a request; remembered in the request, so that layers and handlers ask once.
pub async fn caller(request: &Request) -> Result<Caller, ApiError> {
    if let Some(caller) = request.extensions().get::<Caller>() {
        return vouched(request, caller.clone());
    }
    let authenticator = request
        .data::<Arc<Authenticator>>()
        .ok_or_else(|| ApiError::unexpected(&"no authenticator in the request".into()))?;
    let credential = credential(request).ok_or(AuthError::NotSignedIn)?;
    vouched(request, authenticator.authenticate(&credential).await?)
}

/// The caller, unless a trusted proxy names somebody else.
fn vouched(request: &Request, caller: Caller) -> Result<Caller, ApiError> {
    if let Some(auth) = request.data::<Arc<Auth>>() {
        auth.check_vouched(&caller, |name| request.header(name))?;
    }
    Ok(caller)
}

/// The caller of a request that strangers may make too; a credential that is not valid or may not be used counts as none.
pub async fn optional_caller(request: &Request) -> Result<Option<Caller>, ApiError> {
    match caller(request).await {
        Ok(caller) => Ok(Some(caller)),
        Err(error) if matches!(error.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => Ok(None),
        Err(error) => Err(error),
    }
}

macro_rules! extractor {
    ($name:ident, $allowed:pat) => {
        impl<'a> ApiExtractor<'a> for $name {
            const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
            type ParamType = ();
            type ParamRawType = ();

            fn register(registry: &mut Registry) {
                registry.create_security_scheme(
                    "HTTPBearer",
                    MetaSecurityScheme {
                        ty: "http",
                        description: None,
                        name: None,
                        key_in: None,
                        scheme: Some("bearer"),
                        bearer_format: None,
                        flows: None,
                        openid_connect_url: None,
                    },
                );
            }

            fn security_schemes() -> Vec<&'static str> {
                vec!["HTTPBearer"]
            }

            async fn from_request(
                request: &'a Request,
                _body: &mut RequestBody,
                _options: ExtractParamOptions<()>,
            ) -> poem::Result<Self> {
                let caller = caller(request).await?;
                match caller.user.role {
                    $allowed => Ok(Self(caller)),
                    _ => Err(ApiError::from(AuthError::RoleNotAllowed).into()),
                }
            }
        }
    };
}

extractor!(VerifiedUser, Role::Admin | Role::User);
extractor!(Admin, Role::Admin);

impl<'a> ApiExtractor<'a> for AnyCaller {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        VerifiedUser::register(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        vec!["HTTPBearer"]
    }

    async fn from_request(
        request: &'a Request,
        _body: &mut RequestBody,
        _options: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        Ok(Self(caller(request).await?))
    }
}
