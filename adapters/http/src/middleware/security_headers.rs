//! Security headers: set for those variables that are set; an invalid value is replaced by a safe one.

use std::sync::LazyLock;

use poem::http::{HeaderName, HeaderValue};
use poem::{Endpoint, EndpointExt, Response};
use regex::Regex;

/// How one variable becomes a header.
struct Rule {
    variable: &'static str,
    header: HeaderName,
    /// What a valid value looks like; anything when none.
    valid: Option<Regex>,
    /// What stands in for an invalid value.
    safe: &'static str,
}

fn rule(variable: &'static str, header: &'static str, valid: &str, safe: &'static str) -> Option<Rule> {
    let valid = if valid.is_empty() {
        None
    } else {
        Some(Regex::new(&format!("(?i)^(?:{valid})$")).ok()?)
    };
    Some(Rule {
        variable,
        header: HeaderName::from_static(header),
        valid,
        safe,
    })
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let cache = r"public|private|no-cache|no-store|must-revalidate|proxy-revalidate|no-transform|immutable|(?:s-maxage|max-age)=\d+";
    let features = "accelerometer|autoplay|camera|clipboard-read|clipboard-write|fullscreen|geolocation|gyroscope|\
                    magnetometer|microphone|midi|payment|picture-in-picture|sync-xhr|usb|xr-spatial-tracking";
    let referrers = "no-referrer|no-referrer-when-downgrade|origin|origin-when-cross-origin|same-origin|strict-origin|\
                     strict-origin-when-cross-origin|unsafe-url";
    [
        rule(
            "CACHE_CONTROL",
            "cache-control",
            &format!(r"(?:{cache})(?:,\s*(?:{cache}))*"),
            "no-store, max-age=0",
        ),
        rule(
            "HSTS",
            "strict-transport-security",
            r"max-age=\d+(?:;includeSubDomains)?(?:;preload)?",
            "max-age=31536000;includeSubDomains",
        ),
        rule(
            "PERMISSIONS_POLICY",
            "permissions-policy",
            &format!(r"(?:(?:{features})=\((?:self)?\),?)*"),
            "none",
        ),
        rule("REFERRER_POLICY", "referrer-policy", referrers, "no-referrer"),
        rule("XCONTENT_TYPE", "x-content-type-options", "nosniff", "nosniff"),
        rule("XDOWNLOAD_OPTIONS", "x-download-options", "noopen", "noopen"),
        rule("XFRAME_OPTIONS", "x-frame-options", "DENY|SAMEORIGIN", "DENY"),
        rule(
            "XPERMITTED_CROSS_DOMAIN_POLICIES",
            "x-permitted-cross-domain-policies",
            "none|master-only|by-content-type|by-ftp-filename",
            "none",
        ),
        rule(
            "CONTENT_SECURITY_POLICY",
            "content-security-policy",
            "",
            "default-src 'self'",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
});

/// The headers to set on every answer, worked out once at start.
#[derive(Debug, Clone, Default)]
pub struct SecurityHeaders(Vec<(HeaderName, HeaderValue)>);

impl SecurityHeaders {
    /// The variables that make headers.
    pub fn variables() -> impl Iterator<Item = &'static str> {
        RULES.iter().map(|rule| rule.variable)
    }

    /// From the variables that are set; empty ones count as not set.
    pub fn from_variables(get: impl Fn(&str) -> Option<String>) -> Self {
        let header = |rule: &Rule| {
            let value = get(rule.variable).filter(|value| !value.is_empty())?;
            let valid = rule.valid.as_ref().is_none_or(|valid| valid.is_match(&value));
            if !valid {
                tracing::warn!(
                    variable = rule.variable,
                    used = rule.safe,
                    "invalid value replaced by a safe one"
                );
            }
            let parsed = valid.then(|| HeaderValue::from_str(&value).ok()).flatten();
            Some((
                rule.header.clone(),
                parsed.unwrap_or(HeaderValue::from_static(rule.safe)),
            ))
        };
        Self(RULES.iter().filter_map(header).collect())
    }
}

pub(crate) fn layer<E>(inner: E, headers: SecurityHeaders) -> impl Endpoint<Output = Response>
where
    E: Endpoint<Output = Response> + 'static,
{
    let headers = std::sync::Arc::new(headers.0);
    inner.around(move |next, request| {
        let headers = headers.clone();
        async move {
            let mut response = next.call(request).await?;
            for (name, value) in headers.iter() {
                response.headers_mut().insert(name.clone(), value.clone());
            }
            Ok(response)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(variable: &str, value: &str) -> String {
        let headers = SecurityHeaders::from_variables(|name| (name == variable).then(|| value.to_owned()));
        headers
            .0
            .first()
            .map(|(_, value)| value.to_str().expect("text").to_owned())
            .unwrap_or_default()
    }

    #[test]
    fn valid_values_stay_and_invalid_ones_become_safe() {
        assert_eq!(header("HSTS", "max-age=60;preload"), "max-age=60;preload");
        assert_eq!(header("HSTS", "soon"), "max-age=31536000;includeSubDomains");
        assert_eq!(
            header("CACHE_CONTROL", "no-store, max-age=0"),
            "no-store, max-age=0"
        );
        assert_eq!(
            header("PERMISSIONS_POLICY", "accelerometer=(),camera=()"),
            "accelerometer=(),camera=()"
        );
        assert_eq!(header("XFRAME_OPTIONS", "ALLOW"), "DENY");
        assert_eq!(
            header("CONTENT_SECURITY_POLICY", "default-src 'none'"),
            "default-src 'none'"
        );
        assert_eq!(header("REFERRER_POLICY", ""), "");
        assert_eq!(RULES.len(), 9);
    }
}
