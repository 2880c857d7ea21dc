//! Hides the values of secret fields in JSON, and in what holds JSON: streams, and strings that hold documents.
//! The text may be cut anywhere.

use std::borrow::Cow;

use super::MASK;
use super::names::is_secret;

/// How deep documents in strings may lie in each other; deeper ones are hidden whole.
const DEPTH: usize = 4;

/// The longest remainder of a cut escape: `\ud83d\ude0`.
const CUT_ESCAPE: usize = 11;

/// The text with the values of secret fields hidden. Switches, `null` and empty values stay: they are no secrets.
pub(super) fn hidden(text: &str) -> String {
    hidden_to(text, DEPTH)
}

fn hidden_to(text: &str, depth: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('"') {
        out.push_str(&rest[..at]);
        let (token, after) = rest[at..].split_at(string_end(&rest[at..]));
        match value_of(after) {
            Some(value) if names_secret(token) => {
                out.push_str(token);
                out.push_str(&after[..after.len() - value.len()]);
                let (secret, length) = extent(value);
                if secret {
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
                out.push_str(&document(token, depth));
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Where a string that starts with a quote ends: behind the closing quote, at the end of its line, or with the text.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            // No string goes over lines; a stray quote must not swallow the rest of a stream.
            b'\n' => return at,
            _ => {}
        }
    }
    text.len()
}

/// What stands behind the colon, when a string was a field's name.
fn value_of(after: &str) -> Option<&str> {
    Some(after.trim_ascii_start().strip_prefix(':')?.trim_ascii_start())
}

fn names_secret(token: &str) -> bool {
    // A name that cannot be read may be any.
    decoded(token).is_none_or(|name| is_secret(&name))
}

/// Whether a value is worth hiding, and how long it is.
fn extent(value: &str) -> (bool, usize) {
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

/// A string value; when it holds quotes itself, it may be a document with secrets of its own.
fn document(token: &str, depth: usize) -> Cow<'_, str> {
    if !token.contains('\\') {
        return Cow::Borrowed(token);
    }
    let Some(text) = decoded(token) else {
        return Cow::Owned(format!("\"{MASK}\""));
    };
    if !text.contains('"') {
        return Cow::Borrowed(token);
    }
    if depth == 0 {
        return Cow::Owned(format!("\"{MASK}\""));
    }
    let hidden = hidden_to(&text, depth - 1);
    if hidden == text {
        return Cow::Borrowed(token);
    }
    Cow::Owned(serde_json::Value::String(hidden).to_string())
}

/// What a string says; one that was cut says what is left of it.
fn decoded(token: &str) -> Option<Cow<'_, str>> {
    if !token.contains('\\') {
        return Some(Cow::Borrowed(token.trim_matches('"')));
    }
    if let Ok(text) = serde_json::from_str::<String>(token) {
        return Some(Cow::Owned(text));
    }
    (0..=CUT_ESCAPE).find_map(|cut| {
        let whole = token.get(..token.len().checked_sub(cut)?)?;
        serde_json::from_str::<String>(&format!("{whole}\""))
            .ok()
            .map(Cow::Owned)
    })
}

#[cfg(test)]
mod tests {
    use super::hidden;

    #[test]
    fn values_of_secret_fields_are_hidden() {
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
            assert_eq!(hidden(text), expected);
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            r#"{"ENABLE_API_KEYS": true, "token": null, "key": "", "keys": [ ], "auth": {}}"#,
            r#"{"max_tokens": 5, "content": "a \"quoted\" word", "x": "\u00e9"}"#,
            r#"["password", "token"]"#,
            "no JSON at all",
            "",
        ] {
            assert_eq!(hidden(text), text);
        }
    }

    #[test]
    fn cut_bodies_give_nothing_away() {
        let whole = r#"{"email": "a", "password": "hunter\u00322", "keys": ["sec", {"b": "ret"}], "x": 1}"#;
        for cut in 0..whole.len() {
            let shown = hidden(&whole[..cut]);
            assert!(!shown.contains("hun") && !shown.contains("sec"), "{shown}");
        }
    }

    #[test]
    fn documents_in_strings_are_read_too() {
        let inner = r#"{"token": "abc", "n": 1}"#;
        let outer = serde_json::json!({"body": inner, "list": [inner]}).to_string();
        let shown = hidden(&outer);
        assert!(!shown.contains("abc") && shown.contains(r#"\"n\": 1"#), "{shown}");
        for cut in 0..outer.len() {
            assert!(!hidden(&outer[..cut]).contains("abc"));
        }
        let deep = (0..8).fold(inner.to_owned(), |text, _| {
            serde_json::Value::String(text).to_string()
        });
        assert!(!hidden(&deep).contains("abc"));
    }
}
