//! Redacts secrets: by the names of fields, and by patterns that secrets match.
//!
//! Bodies are truncated at a fixed length, so that a parser would refuse most of them: this reads text token by token,
//! and rather redacts too much where it cannot tell.

mod json;
mod names;
mod patterns;

use url::form_urlencoded;

/// Replaces a secret (as in the reference's file).
pub(super) const MASK: &str = "********";

/// The beginning of a body as text without secrets; of what is no text only the type.
pub(super) fn body(kind: &str, bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return String::new();
    }
    let essence = kind.split(';').next().unwrap_or_default().trim().to_lowercase();
    let text = String::from_utf8_lossy(bytes);
    match essence.as_str() {
        "application/x-www-form-urlencoded" => patterns::redact(&pairs(&text)),
        textual if is_text(textual) => patterns::redact(&json::redact(&text)),
        other => format!("<{other}>"),
    }
}

/// A URI without the secrets of its query.
pub(super) fn uri(uri: &str) -> String {
    let redacted = match uri.split_once('?') {
        Some((path, query)) => format!("{path}?{}", pairs(query)),
        None => uri.to_owned(),
    };
    patterns::redact(&redacted)
}

fn is_text(essence: &str) -> bool {
    essence.is_empty()
        || essence.starts_with("text/")
        || essence.ends_with("json")
        || essence.ends_with("xml")
        || essence.ends_with("javascript")
}

/// Redacts the values of secret fields in `a=b&c=d`.
fn pairs(text: &str) -> String {
    let redacted = text.split('&').map(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        let plain = form_urlencoded::parse(name.as_bytes()).next();
        let secret = plain.is_some_and(|(plain, _)| names::is_secret(&plain));
        if secret && pair.len() > name.len() + 1 {
            format!("{name}={MASK}")
        } else {
            pair.to_owned()
        }
    });
    redacted.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_uris_lose_their_secrets() {
        assert_eq!(
            body(
                "application/x-www-form-urlencoded",
                b"email=a%40b&pass%77ord=x%20y&password=&n=1"
            ),
            "email=a%40b&pass%77ord=********&password=&n=1"
        );
        assert_eq!(
            uri("http://h/x?page=1&access_token=abc&key="),
            "http://h/x?page=1&access_token=********&key="
        );
        assert_eq!(uri("http://me:pass@h/x"), "http://me:********@h/x");
    }

    #[test]
    fn of_binary_bodies_only_the_type_is_recorded() {
        assert_eq!(
            body("multipart/form-data; boundary=x", b"abc"),
            "<multipart/form-data>"
        );
        assert_eq!(body("image/png", b""), "");
        assert_eq!(body("", b"{\"token\": \"x\"}"), "{\"token\": \"********\"}");
        assert_eq!(
            body(
                "text/event-stream",
                b"data: {\"api_key\": \"a\"}\n\ndata: {\"b\": 1}\n"
            ),
            "data: {\"api_key\": \"********\"}\n\ndata: {\"b\": 1}\n"
        );
    }
}
