//! JSON as other programs write it. Python writes `NaN` and `Infinity`, JavaScript cuts texts inside a character,
//! editors put a byte order mark in front: what comes from outside is read here, and nowhere by serde_json alone.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Result, Value};

/// How deep lists and objects may lie in each other. serde_json stops at 128; this is what the smallest stack of a
/// thread holds several times over.
pub const MAX_DEPTH: usize = 512;

/// Reads a document. What is strict JSON costs what serde_json takes. Of what is not, these are read nevertheless:
///
/// - a byte order mark in front, which is passed over;
/// - bytes that are no UTF-8, as U+FFFD;
/// - halves of surrogate pairs (`\ud83d`), which are dropped, in texts and in keys;
/// - `NaN`, `Infinity`, `-Infinity` and numbers that no `f64` holds (`1e400`), as `null`;
/// - up to [`MAX_DEPTH`] levels.
///
/// # Errors
/// When the document is no JSON even so: where it first leaves strict JSON.
pub fn read(bytes: &[u8]) -> Result<Value> {
    serde_json::from_slice(bytes).or_else(|error| read_leniently(bytes).ok_or(error))
}

/// Reads a document of a known shape, as [`read`] does.
///
/// # Errors
/// When it is no JSON even so, or of another shape.
pub fn read_as<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).or_else(|_| read(bytes).and_then(serde_json::from_value))
}

/// How many values a document has, keys of objects among them, at a look: never fewer than [`read`] makes of it.
pub fn count_values(bytes: &[u8]) -> usize {
    let mut count = 1;
    let mut is_in_text = false;
    let mut is_escaped = false;
    for byte in bytes {
        if is_in_text {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'"' => is_in_text = false,
                _ => {}
            }
        } else {
            match byte {
                b'"' => is_in_text = true,
                b',' | b':' | b'[' | b'{' => count += 1,
                _ => {}
            }
        }
    }
    count
}

/// A list or an object that is not closed yet.
enum Open {
    List(Vec<Value>),
    Object(Map<String, Value>, String),
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
    Nothing,
}

/// Reads token by token, without recursion: a deep document must not use up the stack.
struct Reader {
    open: Vec<Open>,
    next: Next,
    whole: Option<Value>,
}

/// Reads the document that a text begins with, as [`read`] does, whatever follows it; answers its length in bytes, too.
pub fn read_first(text: &str) -> Option<(Value, usize)> {
    let mut rest = text;
    let mut reader = Reader {
        open: Vec::new(),
        next: Next::Value,
        whole: None,
    };
    while reader.next != Next::Nothing {
        rest = rest.trim_start_matches(SPACES);
        let first = rest.chars().next()?;
        let length = match first {
            '"' => string_length(rest),
            _ if is_of_word(first) => rest.find(|letter| !is_of_word(letter)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        reader.take(token)?;
        rest = after;
    }
    Some((reader.whole?, text.len() - rest.len()))
}

/// What may stand between the parts of a document.
const SPACES: [char; 4] = [' ', '\t', '\n', '\r'];

/// What a document means that is no strict JSON, if anything.
fn read_leniently(bytes: &[u8]) -> Option<Value> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let (document, length) = read_first(text)?;
    let is_whole = text.get(length..)?.trim_start_matches(SPACES).is_empty();
    is_whole.then_some(document)
}

impl Reader {
    fn take(&mut self, token: &str) -> Option<()> {
        let is_value_next = matches!(self.next, Next::Value | Next::ValueOrEnd);
        match token {
            "[" if is_value_next => self.begin(Open::List(Vec::new()), Next::ValueOrEnd),
            "{" if is_value_next => self.begin(Open::Object(Map::new(), String::new()), Next::KeyOrEnd),
            "]" | "}" => self.end(token),
            "," if self.next == Next::CommaOrEnd => {
                self.next = match self.open.last()? {
                    Open::List(_) => Next::Value,
                    Open::Object(..) => Next::Key,
                };
                Some(())
            }
            ":" if self.next == Next::Colon => {
                self.next = Next::Value;
                Some(())
            }
            _ if is_value_next => self.add(scalar(token)?),
            _ if matches!(self.next, Next::Key | Next::KeyOrEnd) => {
                let Some(Open::Object(_, key)) = self.open.last_mut() else {
                    return None;
                };
                *key = string(token)?;
                self.next = Next::Colon;
                Some(())
            }
            _ => None,
        }
    }

    fn begin(&mut self, open: Open, next: Next) -> Option<()> {
        self.open.push(open);
        self.next = next;
        (self.open.len() <= MAX_DEPTH).then_some(())
    }

    fn end(&mut self, token: &str) -> Option<()> {
        let value = match (self.open.pop()?, token, self.next) {
            (Open::List(items), "]", Next::ValueOrEnd | Next::CommaOrEnd) => Value::Array(items),
            (Open::Object(fields, _), "}", Next::KeyOrEnd | Next::CommaOrEnd) => Value::Object(fields),
            _ => return None,
        };
        self.add(value)
    }

    fn add(&mut self, value: Value) -> Option<()> {
        self.next = Next::CommaOrEnd;
        match self.open.last_mut() {
            Some(Open::List(items)) => items.push(value),
            Some(Open::Object(fields, key)) => {
                fields.insert(std::mem::take(key), value);
            }
            None => {
                self.whole = Some(value);
                self.next = Next::Nothing;
            }
        }
        Some(())
    }
}

/// Whether a character may stand in a number or a word such as `null`.
fn is_of_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.')
}

/// A text, a number, or a word.
fn scalar(token: &str) -> Option<Value> {
    if token.starts_with('"') {
        return string(token).map(Value::String);
    }
    match token {
        "NaN" | "Infinity" | "-Infinity" => Some(Value::Null),
        // Only the value of a number can be out of bounds, never its grammar.
        _ => serde_json::from_str(token)
            .or_else(|_| serde_json::from_str::<IgnoredAny>(token).map(|_| Value::Null))
            .ok(),
    }
}

/// A text, without its halves of surrogate pairs.
fn string(token: &str) -> Option<String> {
    serde_json::from_str(token)
        .or_else(|_| serde_json::from_str(&without_halves(token)))
        .ok()
}

/// The bytes up to the end of the string that a text begins with.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// A string without its halves of surrogate pairs.
fn without_halves(string: &str) -> String {
    let mut mended = String::with_capacity(string.len());
    let mut rest = string;
    while let Some(at) = rest.find('\\') {
        let (before, escapes) = rest.split_at(at);
        mended.push_str(before);
        let (kept, dropped) = match escaped_unit(escapes) {
            Some(0xD800..=0xDBFF) => match escapes.get(6..).and_then(escaped_unit) {
                Some(0xDC00..=0xDFFF) => (12, 0),
                _ => (0, 6),
            },
            Some(0xDC00..=0xDFFF) => (0, 6),
            // An escaped backslash begins no other escape.
            _ if escapes.starts_with(r"\\") => (2, 0),
            _ => (1, 0),
        };
        let (escape, after) = escapes.split_at(kept);
        mended.push_str(escape);
        rest = after.get(dropped..).unwrap_or_default();
    }
    mended.push_str(rest);
    mended
}

/// The UTF-16 unit of the escape `\uXXXX` that a text begins with.
fn escaped_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix(r"\u")?.get(..4)?;
    let are_digits = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    are_digits.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn nested(levels: usize) -> String {
        format!("{}{}", "[".repeat(levels), "]".repeat(levels))
    }

    #[test]
    fn what_others_write_is_read() {
        let cases: &[(&[u8], Value)] = &[
            (b"\xef\xbb\xbf{\"a\": 1}", json!({"a": 1})),
            (b"\xef\xbb\xbf null ", json!(null)),
            (br#""x \ud83d""#, json!("x ")),
            (br#""\ude00 x""#, json!(" x")),
            (br#""\ud83d\ud83d\ude00""#, json!("\u{1f600}")),
            (br#""\uD83D\uDE00\uDE00""#, json!("\u{1f600}")),
            (
                br#""\ud83d\n\\ud83d \\\ud83d \" end""#,
                json!("\n\\ud83d \\ \" end"),
            ),
            (br#"{"\ud83d k": "\ud83dA"}"#, json!({" k": "A"})),
            (b"\"a\xff b \xe2\x82\"", json!("a\u{fffd} b \u{fffd}")),
            (b"[NaN, Infinity, -Infinity]", json!([null, null, null])),
            (
                b"[1e400, -1e400, 1E+999, 1.5e-400]",
                json!([null, null, null, 0.0]),
            ),
            (
                b"{\"NaN\": \"NaN Infinity 1e400\", \"x\": NaN}",
                json!({"NaN": "NaN Infinity 1e400", "x": null}),
            ),
            (
                b"[NaN,{\"a\":[\"\\u00fc \\ud83d\\ude00\",true]}]",
                json!([null, {"a": ["\u{fc} \u{1f600}", true]}]),
            ),
        ];
        for (bytes, value) in cases {
            let strict = serde_json::from_slice::<Value>(bytes);
            assert!(strict.is_err(), "{} is strict", bytes.escape_ascii());
            let read = read(bytes).unwrap_or_else(|error| panic!("{error}: {}", bytes.escape_ascii()));
            assert_eq!(read, *value, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn values_are_counted_without_being_read() {
        for (text, count) in [
            ("1", 1),
            ("", 1),
            ("[]", 2),
            ("[0,0,0]", 4),
            (r#"{"a": 1, "b": [2]}"#, 6),
            (r#""a,[{:\\\",[{""#, 1),
            (r#"["\\", ","]"#, 3),
            ("[NaN,[]]", 4),
        ] {
            assert_eq!(count_values(text.as_bytes()), count, "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused_where_it_ceases_to_be() {
        for (text, column) in [
            ("", 0),
            ("{oops", 2),
            (r#"{"a": "cut"#, 10),
            ("[1,]", 4),
            ("{'a': 1}", 2),
            ("[nan]", 3),
            ("[-NaN]", 3),
            ("[Inf]", 2),
            ("[1e]", 4),
            ("[01]", 3),
            ("[1] 2", 5),
            ("[NaN", 2),
            ("\"\\ud83d", 7),
            (r#""\ud8""#, 6),
            ("// no\n1", 1),
        ] {
            let error = read(text.as_bytes()).expect_err(text);
            assert_eq!(error.column(), column, "{text}: {error}");
        }
    }

    #[test]
    fn what_is_no_json_is_none_to_either_reader() {
        for text in [
            "",
            " ",
            "[",
            "]",
            "}",
            "{",
            "[1",
            "[1 2]",
            "[,]",
            "[1,]",
            "[1]]",
            "[}",
            "{]",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "{\"a\"::1}",
            "{1:2}",
            "{,}",
            "[:]",
            "1 2",
            "\"a\" \"b\"",
            "\"a",
            "\"\\x\"",
            "\"\n\"",
            "tru",
            "nul",
            "-",
            "+1",
            ".5",
            "1.",
            "01",
            "0x1",
            "1e",
            "--1",
            "NaN1",
            "'a'",
            "\u{feff}\u{feff}1",
            "{\"a\":1 \"b\":2}",
            "\u{e9}",
        ] {
            assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
            assert_eq!(read_leniently(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn the_document_at_the_start_of_a_text_is_read() {
        for (text, expected) in [
            ("{\"a\": 1} and so on", Some((json!({"a": 1}), 8))),
            (" [1]]", Some((json!([1]), 4))),
            ("{\"a\": \"x \\ud83d\"}```", Some((json!({"a": "x "}), 17))),
            ("{\"a\": NaN}{\"b\": 1}", Some((json!({"a": null}), 10))),
            ("{\"a\": \"}\"}", Some((json!({"a": "}"}), 10))),
            ("7 apples", Some((json!(7), 1))),
            ("\"a\"b", Some((json!("a"), 3))),
            ("{\"a\": \"cut", None),
            ("{not JSON}", None),
            ("words", None),
            ("", None),
        ] {
            assert_eq!(read_first(text), expected, "{text}");
        }
    }

    #[test]
    fn levels_are_bounded_and_fit_on_a_small_stack() {
        let checked = || {
            for levels in [127, 128, 200, 300, MAX_DEPTH] {
                let value =
                    read(nested(levels).as_bytes()).unwrap_or_else(|error| panic!("{levels}: {error}"));
                assert_eq!(value.to_string(), nested(levels));
                assert_eq!(value.clone(), value);
            }
            for levels in [MAX_DEPTH + 1, 1_000, 1_000_000] {
                assert!(read(nested(levels).as_bytes()).is_err(), "{levels}");
                assert!(read("[{\"a\":".repeat(levels).as_bytes()).is_err(), "{levels}");
            }
        };
        let thread = std::thread::Builder::new().stack_size(512 * 1024);
        thread
            .spawn(checked)
            .expect("a thread")
            .join()
            .expect("the stack holds");
    }

    #[test]
    fn what_is_strict_stays_as_it_is() {
        for text in [
            r#"{"a": 1, "b": [], "a": {"": [{}, [[]], null]}}"#,
            r#"{"a":[1,-2.5,1e3,"x\"\\\u00e9\ud83d\ude00",null,true,false,{}]}"#,
            "18446744073709551615",
            "\"\\u0000\"",
            " [ ] ",
        ] {
            let strict: Value = serde_json::from_str(text).expect("strict");
            assert_eq!(read(text.as_bytes()).expect(text), strict);
            assert_eq!(read_leniently(text.as_bytes()), Some(strict), "{text}");
        }
    }
}
