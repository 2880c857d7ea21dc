//! Answers whose content is not ours: a provider's, and what lies in served folders. None of them is ever a page of this
//! origin, where its scripts would act for whoever looks at it.

use poem::Response;
use poem::http::{HeaderValue, header};

/// The types that browsers may show: none of them runs scripts.
const SHOWN: [&str; 24] = [
    "application/json",
    "application/jsonl",
    "application/octet-stream",
    "application/problem+json",
    "application/x-ndjson",
    "audio/aac",
    "audio/flac",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/opus",
    "audio/pcm",
    "audio/wav",
    "audio/webm",
    "audio/x-wav",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "text/event-stream",
    "text/plain",
    "video/mp4",
    "video/ogg",
    "video/webm",
];

/// Lets a browser show what is on the list, as what it says it is; anything else it may only save.
pub(crate) fn shown_as_data(mut response: Response) -> Response {
    let essence = response.content_type().map(|kind| {
        let essence = kind.split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    });
    let is_shown = essence.is_some_and(|essence| SHOWN.contains(&essence.as_str()));
    let headers = response.headers_mut();
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if !is_shown {
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/octet-stream"),
        );
        headers.insert(
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment"),
        );
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_runs_no_scripts_is_shown() {
        for (kind, is_shown) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("text/event-stream", true),
            ("audio/mpeg", true),
            ("image/png", true),
            ("text/html", false),
            ("text/html; charset=utf-8", false),
            ("TEXT/HTML", false),
            ("application/xhtml+xml", false),
            ("image/svg+xml", false),
            ("text/xml", false),
            ("application/pdf", false),
            ("text/javascript", false),
            ("multipart/x-mixed-replace", false),
            ("text/plain, text/html", false),
            ("", false),
            ("nonsense", false),
        ] {
            let response = shown_as_data(Response::builder().content_type(kind).body("x"));
            assert_eq!(
                response.header("x-content-type-options"),
                Some("nosniff"),
                "{kind}"
            );
            let is_attachment = response.header("content-disposition") == Some("attachment");
            assert_eq!(is_attachment, !is_shown, "{kind}");
            let sent = response.content_type().unwrap_or_default();
            assert_eq!(
                sent,
                if is_shown {
                    kind
                } else {
                    "application/octet-stream"
                },
                "{kind}"
            );
        }
        let untyped = shown_as_data(Response::builder().body("<script>"));
        assert_eq!(untyped.content_type(), Some("application/octet-stream"));
    }
}
