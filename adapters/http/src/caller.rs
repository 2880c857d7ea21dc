//! Who asks: extractors that let a request in or turn it away.
//!
//! An operation takes [`Admin`], [`VerifiedUser`] or [`AnyCaller`], by the least that it needs, or [`OptionalCaller`]
//! where strangers may ask too. The caller is the first field: `caller.0`.

use std::marker::PhantomData;
use std::sync::Arc;

use keelson_application::auth::{Auth, AuthError, Authenticator};
use keelson_domain::access::administers;
use keelson_domain::auth::Caller;
use keelson_domain::user::Role;
use poem::http::{StatusCode, header};
use poem::web::cookie::Cookie;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaSecurityScheme, Registry};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use crate::error::ApiError;

/// The signed-in caller of a request, who meets a requirement.
pub struct Signed<R>(pub Caller, PhantomData<R>);

/// A signed-in account of any role, pending ones too.
pub type AnyCaller = Signed<AnyRole>;

/// A signed-in user or admin.
pub type VerifiedUser = Signed<UserRole>;

/// A signed-in admin.
pub type Admin = Signed<AdminRole>;

/// The caller of a request that strangers may make too.
pub struct OptionalCaller(pub Option<Caller>);

/// What an operation requires of the role of its caller.
pub trait Requirement: Send + Sync {
    /// Whether a role meets it.
    fn is_met(role: Role) -> bool;
}

/// Any role.
pub struct AnyRole;

/// User or admin.
pub struct UserRole;

/// Admin.
pub struct AdminRole;

impl Requirement for AnyRole {
    fn is_met(_role: Role) -> bool {
        true
    }
}

impl Requirement for UserRole {
    fn is_met(role: Role) -> bool {
        role != Role::Pending
    }
}

impl Requirement for AdminRole {
    fn is_met(role: Role) -> bool {
        administers(role)
    }
}

/// How many credentials of one request are tried at most: each key is a question to the database.
const MAX_TRIED: usize = 8;

/// What a request may be signed in with, in the order in which it is tried: the bearer token or key of the header alone,
/// else every cookie `token`. Headers of other schemes are for somebody in front, as `Basic` for a proxy that asks for a
/// password of its own; and a browser sends the cookies `token` of other applications beside ours, often before it.
pub fn credentials(request: &Request) -> Vec<String> {
    let bearer = request
        .headers()
        .get_all(header::AUTHORIZATION)
        .iter()
        .find_map(|value| bearer_token(value.to_str().ok()?));
    match bearer {
        Some(bearer) => vec![bearer],
        None => cookies_named(request, "token").take(MAX_TRIED).collect(),
    }
}

/// The values of all cookies of a name, in the order in which they came.
pub(crate) fn cookies_named(request: &Request, name: &'static str) -> impl Iterator<Item = String> {
    request
        .headers()
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| Cookie::parse(cookie.trim()).ok())
        .filter(move |cookie| cookie.name() == name)
        .map(|cookie| cookie.value_str().to_owned())
}

/// Who the first credential of a request that is valid belongs to.
///
/// # Errors
/// Why the first one was refused, when none is valid; what keeps them from being looked at.
pub(crate) async fn authenticate(
    authenticator: &Authenticator,
    credentials: &[String],
) -> Result<Caller, AuthError> {
    let mut refusal = None;
    for credential in credentials {
        match authenticator.authenticate(credential).await {
            Ok(caller) => return Ok(caller),
            Err(error @ AuthError::Unexpected(_)) => return Err(error),
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    Err(refusal.unwrap_or(AuthError::NotSignedIn))
}

fn bearer_token(value: &str) -> Option<String> {
    let (scheme, token) = value.trim().split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim().to_owned())
}

/// The caller of a request; remembered in the request, so that layers and handlers ask once.
pub async fn caller(request: &Request) -> Result<Caller, ApiError> {
    if let Some(caller) = request.extensions().get::<Caller>() {
        return vouched(request, caller.clone());
    }
    let authenticator = request
        .data::<Arc<Authenticator>>()
        .ok_or_else(|| ApiError::unexpected(&"no authenticator in the request".into()))?;
    let caller = authenticate(authenticator, &credentials(request)).await?;
    vouched(request, caller)
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

/// The ways to sign in a request.
const SCHEMES: [&str; 3] = ["HTTPBearer", "TokenCookie", "APIKey"];

fn register_schemes(registry: &mut Registry) {
    let scheme = |ty, description| MetaSecurityScheme {
        ty,
        description: Some(description),
        name: None,
        key_in: None,
        scheme: None,
        bearer_format: None,
        flows: None,
        openid_connect_url: None,
    };
    let [bearer, cookie, api_key] = SCHEMES;
    registry.create_security_scheme(
        bearer,
        MetaSecurityScheme {
            scheme: Some("bearer"),
            bearer_format: Some("JWT"),
            ..scheme("http", "The token that signing in answers.")
        },
    );
    registry.create_security_scheme(
        cookie,
        MetaSecurityScheme {
            name: Some("token"),
            key_in: Some("cookie"),
            ..scheme("apiKey", "The same token in the cookie that signing in sets.")
        },
    );
    registry.create_security_scheme(
        api_key,
        MetaSecurityScheme {
            scheme: Some("bearer"),
            bearer_format: Some("sk-…"),
            ..scheme("http", "An API key of the caller's, sent as a bearer token.")
        },
    );
}

impl<'a, R: Requirement> ApiExtractor<'a> for Signed<R> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        register_schemes(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        SCHEMES.to_vec()
    }

    async fn from_request(
        request: &'a Request,
        _body: &mut RequestBody,
        _options: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        let caller = caller(request).await?;
        if R::is_met(caller.user.role) {
            Ok(Self(caller, PhantomData))
        } else {
            Err(ApiError::from(AuthError::RoleNotAllowed).into())
        }
    }
}

impl<'a> ApiExtractor<'a> for OptionalCaller {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::SecurityScheme];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        register_schemes(registry);
    }

    fn security_schemes() -> Vec<&'static str> {
        SCHEMES.to_vec()
    }

    fn has_security_fallback() -> bool {
        true
    }

    async fn from_request(
        request: &'a Request,
        _body: &mut RequestBody,
        _options: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        Ok(Self(optional_caller(request).await?))
    }
}
