//! What a body is: a document, events, or something else.

/// How the bytes of a response are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Document,
    /// Lines that arrive one by one.
    Events,
    /// As the content type says.
    Other,
}

/// What the content type says, in any case and with any parameter.
pub(super) fn declared_form(content_type: &str) -> Form {
    let media_type = content_type.split(';').next().unwrap_or_default();
    let media_type = media_type.trim().to_lowercase();
    match media_type.as_str() {
        "application/json" | "text/json" => Form::Document,
        "text/event-stream" | "application/x-ndjson" | "application/ndjson" => Form::Events,
        other if other.starts_with("application/") && other.ends_with("+json") => Form::Document,
        _ => Form::Other,
    }
}

/// What the first bytes of a body show; none while they show nothing.
pub(super) fn shown_form(start: &[u8]) -> Option<Form> {
    let start = start.strip_prefix(BOM).unwrap_or(start).trim_ascii_start();
    let is_field = |name: &str| start.starts_with(name.as_bytes());
    match start.first()? {
        b'{' | b'[' => Some(Form::Document),
        _ if ["data:", "event:", "id:", "retry:", "error:", ":"]
            .into_iter()
            .any(is_field) =>
        {
            Some(Form::Events)
        }
        _ if start.len() < LONGEST_FIELD && !start.contains(&b'\n') => None,
        _ => Some(Form::Other),
    }
}

/// Three bytes that some servers write before their text.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// The length of the longest name of a field of an event, with its colon.
const LONGEST_FIELD: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types_are_read_in_any_case() {
        for (content_type, expected) in [
            ("application/json", Form::Document),
            ("Application/JSON", Form::Document),
            ("application/json; charset=utf-8", Form::Document),
            ("APPLICATION/JSON;Charset=UTF-8", Form::Document),
            (" application/json ", Form::Document),
            ("application/problem+json", Form::Document),
            ("text/json", Form::Document),
            ("Text/Event-Stream; charset=utf-8", Form::Events),
            ("application/x-ndjson", Form::Events),
            ("application/jsonlines", Form::Other),
            ("application/json-seq", Form::Other),
            ("text/plain", Form::Other),
            ("audio/mpeg", Form::Other),
            ("", Form::Other),
        ] {
            assert_eq!(declared_form(content_type), expected, "{content_type}");
        }
    }

    #[test]
    fn the_first_bytes_show_what_a_body_is() {
        for (start, expected) in [
            (&b""[..], None),
            (b" \n\n", None),
            (b"{", Some(Form::Document)),
            (b"\n [", Some(Form::Document)),
            (b"\xef\xbb\xbf{", Some(Form::Document)),
            (b"d", None),
            (b"data", None),
            (b"data: {", Some(Form::Events)),
            (b"\r\ndata:", Some(Form::Events)),
            (b": OPENROUTER", Some(Form::Events)),
            (b"event: message", Some(Form::Events)),
            (b"retry:", Some(Form::Events)),
            (b"datab", None),
            (b"database is down", Some(Form::Other)),
            (b"busy\n", Some(Form::Other)),
            (b"<html>", Some(Form::Other)),
            (b"\xff\xfb\x90\x00\x00\x00", Some(Form::Other)),
        ] {
            assert_eq!(shown_form(start), expected, "{}", String::from_utf8_lossy(start));
        }
    }
}
