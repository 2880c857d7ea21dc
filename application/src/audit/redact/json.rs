//! Redacts the values of secret fields in JSON, and in what contains JSON: streams, and strings that hold documents.
//! The text may be truncated anywhere.

use std::borrow::Cow;

use super::MASK;
use super::names::is_secret;

/// How deep documents may be nested in strings; deeper ones are redacted as a whole.
const MAX_DEPTH: usize = 4;

/// The longest remainder of a truncated escape: `\ud83d\ude0`.
const TRUNCATED_ESCAPE: usize = 11;

/// Redacts the values of secret fields. Booleans, `null` and empty values stay: they are no secrets.
pub(super) fn redact(text: &str) -> String {
    redact_to(text, MAX_DEPTH)
}

fn redact_to(text: &str, depth: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('"') {
        out.push_str(&rest[..at]);
        let (token, after) = rest[at..].split_at(string_end(&rest[at..]));
        match value_of(after) {
            Some(value) if is_secret_name(token) => {
                out.push_str(token);
                out.push_str(&after[..after.len() - value.len()]);
                let (is_secret, length) = measure_value(value);
                if is_secret {
                    out.push('"');
                    out.push_str(MASK);
                    out.push('"');
                } else {
                    out.push_str(&value[..length]);
                }
                rest = &value[length..];
            }
            Some(_) => {
                out.push_str(token);
                rest = after;
            }
            None => {
                out.push_str(&redact_string(token, depth));
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Where a string that starts with a quote ends: after the closing quote, at the end of its line, or with the text.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            // No string spans lines; a stray quote must not swallow the rest of a stream.
            b'\n' => return at,
            _ => {}
        }
    }
    text.len()
}

/// What follows the colon, when a string was a field's name.
fn value_of(after: &str) -> Option<&str> {
    Some(after.trim_ascii_start().strip_prefix(':')?.trim_ascii_start())
}

fn is_secret_name(token: &str) -> bool {
    // An unreadable name may be any.
    decode(token).is_none_or(|name| is_secret(&name))
}

/// Whether a value must be redacted, and its length.
fn measure_value(value: &str) -> (bool, usize) {
    match value.bytes().next() {
        None => (false, 0),
        Some(b'"') => {
            let end = string_end(value);
            (!matches!(&value[..end], "\"\"" | "\""), end)
        }
        Some(open @ (b'{' | b'[')) => {
            let end = nested_end(value);
            let close = if open == b'{' { '}' } else { ']' };
            let inside = value[1..end].trim_end_matches(close).trim();
            (!inside.is_empty(), end)
        }
        Some(_) => {
            let end = value
                .find(|c: char| c == ',' || c == '}' || c == ']' || c.is_whitespace())
                .unwrap_or(value.len());
            let literal = ["true", "false", "null"]
                .iter()
                .any(|word| word.starts_with(&value[..end]));
            (!literal, end)
        }
    }
}

/// Where an object or a list ends, or the text does.
fn nested_end(value: &str) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while at < value.len() {
        match value.as_bytes()[at] {
            b'"' => {
                at += string_end(&value[at..]);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    value.len()
}

/// A string value; one that contains quotes may be a document with secrets of its own.
fn redact_string(token: &str, depth: usize) -> Cow<'_, str> {
    if !token.contains('\\') {
        return Cow::Borrowed(token);
    }
    let Some(text) = decode(token) else {
        return Cow::Owned(format!("\"{MASK}\""));
    };
    if !text.contains('"') {
        return Cow::Borrowed(token);
    }
    if depth == 0 {
        return Cow::Owned(format!("\"{MASK}\""));
    }
    let redacted = redact_to(&text, depth - 1);
    if redacted == text {
        return Cow::Borrowed(token);
    }
    Cow::Owned(serde_json::Value::String(redacted).to_string())
}

/// The content of a string; of a truncated one what is left.
fn decode(token: &str) -> Option<Cow<'_, str>> {
    if !token.contains('\\') {
        return Some(Cow::Borrowed(token.trim_matches('"')));
    }
    if let Ok(text) = serde_json::from_str::<String>(token) {
        return Some(Cow::Owned(text));
    }
    (0..=TRUNCATED_ESCAPE).find_map(|cut| {
        let whole = token.get(..token.len().checked_sub(cut)?)?;
        serde_json::from_str::<String>(&format!("{whole}\""))
            .ok()
            .map(Cow::Owned)
    })
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn values_of_secret_fields_are_redacted() {
        for (text, expected) in [
            (
                r#"{"a": 1, "password": "x\"y"}"#,
                r#"{"a": 1, "password": "********"}"#,
            ),
            (
                r#"{"OPENAI_API_KEYS":["a","b]"],"n":2}"#,
                r#"{"OPENAI_API_KEYS":"********","n":2}"#,
            ),
            (
                r#"{"auth":{"x":{"y":"}"}},"n":2}"#,
                r#"{"auth":"********","n":2}"#,
            ),
            (r#"{"api_key" : 42 ,"n":2}"#, r#"{"api_key" : "********" ,"n":2}"#),
            (r#"{"pass\u0077ord":"x"}"#, r#"{"pass\u0077ord":"********"}"#),
        ] {
            assert_eq!(redact(text), expected);
        }
    }

    #[test]
    fn other_values_stay() {
        for text in [
            r#"{"ENABLE_API_KEYS": true, "token": null, "key": "", "keys": [ ], "auth": {}}"#,
            r#"{"max_tokens": 5, "content": "a \"quoted\" word", "x": "\u00e9"}"#,
            r#"["password", "token"]"#,
            "no JSON at all",
            "",
        ] {
            assert_eq!(redact(text), text);
        }
    }

    #[test]
    fn truncated_bodies_show_no_secret() {
        let whole = r#"{"email": "a", "password": "hunter\u00322", "keys": ["sec", {"b": "ret"}], "x": 1}"#;
        for cut in 0..whole.len() {
            let shown = redact(&whole[..cut]);
            assert!(!shown.contains("hun") && !shown.contains("sec"), "{shown}");
        }
    }

    #[test]
    fn documents_in_strings_are_redacted_too() {
        let inner = r#"{"token": "abc", "n": 1}"#;
        let outer = serde_json::json!({"body": inner, "list": [inner]}).to_string();
        let shown = redact(&outer);
        assert!(!shown.contains("abc") && shown.contains(r#"\"n\": 1"#), "{shown}");
        for cut in 0..outer.len() {
            assert!(!redact(&outer[..cut]).contains("abc"));
        }
        let deep = (0..8).fold(inner.to_owned(), |text, _| {
            serde_json::Value::String(text).to_string()
        });
        assert!(!redact(&deep).contains("abc"));
    }
}
