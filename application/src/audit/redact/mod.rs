//! Takes secrets out of what is written down: by the names of fields, and by the shapes that secrets have.
//!
//! Bodies arrive cut at a fixed length, so that a parser would refuse most of them: what follows reads text token by
//! token, and hides rather too much where it cannot tell.

mod json;
mod names;
mod shapes;

use url::form_urlencoded;

/// What stands in for a secret (as in the reference's file).
pub(super) const MASK: &str = "********";

/// The beginning of a body as text without secrets. Of what is no text only its type is told.
pub(super) fn body(kind: &str, bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return String::new();
    }
    let essence = kind.split(';').next().unwrap_or_default().trim().to_lowercase();
    let text = String::from_utf8_lossy(bytes);
    match essence.as_str() {
        "application/x-www-form-urlencoded" => shapes::hidden(&pairs(&text)),
        textual if is_text(textual) => shapes::hidden(&json::hidden(&text)),
        other => format!("<{other}>"),
    }
}

/// An address without the secrets of its query.
pub(super) fn address(uri: &str) -> String {
    let hidden = match uri.split_once('?') {
        Some((path, query)) => format!("{path}?{}", pairs(query)),
        None => uri.to_owned(),
    };
    shapes::hidden(&hidden)
}

fn is_text(essence: &str) -> bool {
    essence.is_empty()
        || essence.starts_with("text/")
        || essence.ends_with("json")
        || essence.ends_with("xml")
        || essence.ends_with("javascript")
}

/// Hides the values of secret fields in `a=b&c=d`.
fn pairs(text: &str) -> String {
    let hidden = text.split('&').map(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        let plain = form_urlencoded::parse(name.as_bytes()).next();
        let secret = plain.is_some_and(|(plain, _)| names::is_secret(&plain));
        if secret && pair.len() > name.len() + 1 {
            format!("{name}={MASK}")
        } else {
            pair.to_owned()
        }
    });
    hidden.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_addresses_lose_their_secrets() {
        assert_eq!(
            body(
                "application/x-www-form-urlencoded",
                b"email=a%40b&pass%77ord=x%20y&password=&n=1"
            ),
            "email=a%40b&pass%77ord=********&password=&n=1"
        );
        assert_eq!(
            address("http://h/x?page=1&access_token=abc&key="),
            "http://h/x?page=1&access_token=********&key="
        );
        assert_eq!(address("http://me:pass@h/x"), "http://me:********@h/x");
    }

    #[test]
    fn what_is_no_text_is_named_only() {
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
