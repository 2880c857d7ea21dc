//! Links that other programs share: `/watch?v=…` and `?shared=…` open the front page with the right query.

use std::sync::LazyLock;

use poem::http::{Method, StatusCode};
use poem::{Endpoint, EndpointExt, Response};
use regex::Regex;
use url::{Url, form_urlencoded};

static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^https://\S+").ok());

pub(crate) fn layer<E>(inner: E) -> impl Endpoint<Output = Response>
where
    E: Endpoint<Output = Response> + 'static,
{
    inner.around(|next, request| async move {
        if request.method() == Method::GET {
            let uri = request.uri();
            if let Some(location) = uri.query().and_then(|query| target(uri.path(), query)) {
                return Ok(Response::builder()
                    .status(StatusCode::TEMPORARY_REDIRECT)
                    .header("location", location)
                    .finish());
            }
        }
        next.call(request).await
    })
}

/// Where a shared link leads, if it is one.
fn target(path: &str, query: &str) -> Option<String> {
    let value = |wanted: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(name, value)| name == wanted && !value.is_empty())
            .map(|(_, value)| value.into_owned())
    };
    let mut location = Vec::new();
    if path.ends_with("/watch")
        && let Some(video) = value("v")
    {
        location.push(("youtube", video));
    }
    if let Some(text) = value("shared") {
        match LINK.as_ref().and_then(|link| link.find(&text)) {
            Some(link) => match video(link.as_str()) {
                Some(video) => {
                    location.retain(|(name, _)| *name != "youtube");
                    location.push(("youtube", video));
                }
                None => location.push(("load-url", link.as_str().to_owned())),
            },
            None => location.push(("q", text)),
        }
    }
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&location)
        .finish();
    (!location.is_empty()).then(|| format!("/?{query}"))
}

/// The video that a YouTube link shows: an id of 11 characters.
fn video(link: &str) -> Option<String> {
    let url = Url::parse(link).ok()?;
    let id = match url.host_str()? {
        "youtu.be" => url.path().trim_start_matches('/').to_owned(),
        "youtube.com" | "www.youtube.com" | "m.youtube.com" | "www.youtube-nocookie.com" => {
            let mut segments = url.path_segments()?;
            match segments.next()? {
                "watch" => url.query_pairs().find(|(name, _)| name == "v")?.1.into_owned(),
                "embed" | "v" | "shorts" | "live" => segments.next()?.to_owned(),
                _ => return None,
            }
        }
        _ => return None,
    };
    (id.len() == 11).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::target;

    #[test]
    fn shared_links_open_the_front_page() {
        let at = |path: &str, query: &str| target(path, query).unwrap_or_default();
        assert_eq!(at("/watch", "v=abc123"), "/?youtube=abc123");
        assert_eq!(
            at("/", "shared=https://example.test/a%20b"),
            "/?load-url=https%3A%2F%2Fexample.test%2Fa"
        );
        assert_eq!(at("/", "shared=just+some+words"), "/?q=just+some+words");
        assert_eq!(
            at("/", "shared=https://youtu.be/abcdefghijk?t=1"),
            "/?youtube=abcdefghijk"
        );
        assert_eq!(at("/", "shared="), "");
        assert_eq!(at("/", "q=hello"), "");
    }
}
