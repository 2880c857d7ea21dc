//! Redacts what looks like a secret, wherever it is.

use std::sync::LazyLock;

use regex::Regex;

/// Patterns and their replacements.
const RULES: [(&str, &str); 5] = [
    // Headers and settings in text: `Authorization: Basic …`, `password = …`, `'token': '…'`.
    (
        r#"(?i)((?:password|passwd|passphrase|secret|api[_-]?key|token|authorization|cookie)'?\s*[=:]\s*'?)(?:(?:basic|bearer|digest)\s+)?[^\s'"&,;}\]\\]+"#,
        "$1********",
    ),
    (r"(?i)(\bbearer\s+)[A-Za-z0-9._~+/=-]{8,}", "$1********"),
    // API keys of this server and of most providers.
    (r"\bsk-[A-Za-z0-9_-]{8,}", "********"),
    // Signed tokens, complete or truncated.
    (r"\beyJ[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*)*", "********"),
    // The password in a URL.
    (r#"(://[^/\s:@"]*:)[^/\s@"]+@"#, "$1********@"),
];

static PATTERNS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    RULES
        .into_iter()
        .filter_map(|(pattern, instead)| Some((Regex::new(pattern).ok()?, instead)))
        .collect()
});

pub(super) fn redact(text: &str) -> String {
    let mut text = text.to_owned();
    for (pattern, instead) in PATTERNS.iter() {
        text = pattern.replace_all(&text, *instead).into_owned();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_secrets_are_redacted() {
        assert_eq!(PATTERNS.len(), RULES.len());
        for (text, expected) in [
            ("Authorization: Basic dXNlcjpwYXNz x", "Authorization: ******** x"),
            ("use Bearer abcdef0123456789", "use Bearer ********"),
            ("key sk-0123456789abcdef.", "key ********."),
            ("eyJhbGciOiJIUzI1NiJ9.eyJpZCI6IjEifQ.c2ln and", "******** and"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJpZ", "********"),
            ("postgres://me:pw@host/db", "postgres://me:********@host/db"),
            ("{'password': 'x', 'a': 1}", "{'password': '********', 'a': 1}"),
            ("my password=hunter2!", "my password=********"),
        ] {
            assert_eq!(redact(text), expected);
        }
    }

    #[test]
    fn plain_text_stays() {
        for text in [
            r#"{"password": "********", "max_tokens": 5, "token": null}"#,
            "the bearer of news at http://host:80/a@b",
            "a token is a word",
        ] {
            assert_eq!(redact(text), text);
        }
    }
}
