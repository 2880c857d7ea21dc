use keelson_domain::config::deployment::Auth;
use poem::web::cookie::{Cookie, SameSite};

/// The cookie that holds the token.
const TOKEN: &str = "token";
/// The cookies that end with the session.
const SESSION_COOKIES: [&str; 3] = [TOKEN, "oui-session", "oauth_id_token"];

fn same_site(auth: &Auth) -> SameSite {
    use keelson_domain::config::deployment::SameSite as Configured;
    match auth.cookie_same_site {
        Configured::Lax => SameSite::Lax,
        Configured::Strict => SameSite::Strict,
        Configured::None => SameSite::None,
    }
}

/// The token as a cookie that scripts cannot read; it ends with the token.
pub(super) fn token(auth: &Auth, token: &str, expires_at: Option<i64>) -> String {
    let mut cookie = Cookie::new_with_str(TOKEN, token);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(same_site(auth));
    cookie.set_secure(auth.cookie_secure);
    if let Some(end) = expires_at.and_then(|end| chrono::DateTime::from_timestamp(end, 0)) {
        cookie.set_expires(end);
    }
    cookie.to_string()
}

/// Cookies that take back those of the session.
pub(super) fn expired() -> impl Iterator<Item = String> {
    SESSION_COOKIES
        .into_iter()
        .map(|name| format!("{name}=\"\"; Max-Age=0; Path=/; SameSite=lax"))
}
