//! Paths are normalised once, before anything looks at them: layers, routes, files and providers then all see the same
//! one. What several of them could read differently is refused.

use poem::http::Uri;
use poem::{Endpoint, EndpointExt, Response};

use crate::error::ApiError;

/// Below these a slash at the end makes no difference, and no path that poem-openapi knows has one.
const WITHOUT_LAST_SLASH: [&str; 4] = ["/api/", "/openai/", "/ollama/", "/oauth/"];

/// Why a path is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unclear {
    EmptySegment,
    DotSegment,
    Separator,
    Control,
    Escape,
}

impl Unclear {
    const fn detail(self) -> &'static str {
        match self {
            Self::EmptySegment => "The path of this request has two slashes in a row: give one.",
            Self::DotSegment => {
                "The path of this request holds . or .. as a segment: give the path that is meant."
            }
            Self::Separator => {
                "The path of this request holds a backslash, or a slash that is encoded: give plain slashes."
            }
            Self::Control => "The path of this request holds a control character.",
            Self::Escape => {
                "The path of this request holds a percent sign that encodes no byte of a UTF-8 text."
            }
        }
    }
}

/// The address of a request as it was sent, where that is not its normal form.
#[derive(Clone)]
pub(crate) struct SentUri(pub(crate) Uri);

pub(crate) fn layer<E>(inner: E) -> impl Endpoint<Output = Response>
where
    E: Endpoint<Output = Response> + 'static,
{
    inner.around(|next, mut request| async move {
        match normalised(request.uri().path()) {
            Err(unclear) => {
                let refusal = ApiError::bad_request(unclear.detail());
                return Ok(refusal.answer_to(request.uri().path()));
            }
            Ok(path) if path != request.uri().path() => {
                if let Some(uri) = with_path(request.uri(), &path) {
                    let sent = std::mem::replace(request.uri_mut(), uri);
                    request.extensions_mut().insert(SentUri(sent));
                }
            }
            Ok(_) => {}
        }
        next.call(request).await
    })
}

fn with_path(uri: &Uri, path: &str) -> Option<Uri> {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(format!("{path}{query}").parse().ok()?);
    Uri::from_parts(parts).ok()
}

/// The one way to write a path: characters that need no encoding are not encoded, and no slash stands at the end of an
/// operation's path.
fn normalised(path: &str) -> Result<String, Unclear> {
    // `OPTIONS *` has none.
    let Some(segments) = path.strip_prefix('/') else {
        return Ok(path.to_owned());
    };
    let mut written = String::with_capacity(path.len());
    let mut segments = segments.split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        if segment.is_empty() && !is_last {
            return Err(Unclear::EmptySegment);
        }
        written.push('/');
        written.push_str(&normalised_segment(segment)?);
    }
    if WITHOUT_LAST_SLASH
        .iter()
        .any(|start| written.starts_with(start) && written != *start)
        && written.ends_with('/')
    {
        written.pop();
    }
    Ok(written)
}

fn normalised_segment(segment: &str) -> Result<String, Unclear> {
    let bytes = decoded(segment)?;
    let text = std::str::from_utf8(&bytes.iter().map(|(byte, _)| *byte).collect::<Vec<_>>())
        .map_err(|_| Unclear::Escape)?
        .to_owned();
    if matches!(text.as_str(), "." | "..") {
        return Err(Unclear::DotSegment);
    }
    let mut written = String::with_capacity(segment.len());
    for (byte, is_encoded) in bytes {
        match byte {
            b'/' | b'\\' => return Err(Unclear::Separator),
            0..=0x1f | 0x7f => return Err(Unclear::Control),
            _ if is_encoded && !is_unreserved(byte) => written.push_str(&format!("%{byte:02X}")),
            _ if byte.is_ascii() => written.push(char::from(byte)),
            // Other letters are the same encoded or not.
            _ => written.push_str(&format!("%{byte:02X}")),
        }
    }
    Ok(written)
}

/// RFC 3986: characters that mean the same whether they are encoded or not.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// The bytes of a segment, and of each whether it was encoded.
fn decoded(segment: &str) -> Result<Vec<(u8, bool)>, Unclear> {
    let mut bytes = segment.bytes();
    let mut decoded = Vec::with_capacity(segment.len());
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push((byte, false));
            continue;
        }
        let mut digit = || {
            let digit = char::from(bytes.next()?).to_digit(16)?;
            u8::try_from(digit).ok()
        };
        match (digit(), digit()) {
            (Some(high), Some(low)) => decoded.push((high * 16 + low, true)),
            _ => return Err(Unclear::Escape),
        }
    }
    Ok(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_way_to_write_a_path() {
        for (path, written) in [
            ("/", "/"),
            ("*", "*"),
            ("/api/v1/chats/", "/api/v1/chats"),
            ("/api/v1/chats", "/api/v1/chats"),
            ("/api/", "/api/"),
            ("/openai/chat/completions/", "/openai/chat/completions"),
            ("/openai/%63hat/completions", "/openai/chat/completions"),
            ("/%6fpenai/models%2d1", "/openai/models-1"),
            ("/c/a%20b%c3%a4", "/c/a%20b%C3%A4"),
            ("/c/ä", "/c/%C3%A4"),
            ("/page/", "/page/"),
            ("/a%25b", "/a%25b"),
            ("/a%252fb", "/a%252fb"),
            ("/static/a..b/...", "/static/a..b/..."),
            ("/x;y=1/@z:1", "/x;y=1/@z:1"),
        ] {
            assert_eq!(normalised(path).as_deref(), Ok(written), "{path}");
        }
    }

    #[test]
    fn what_could_be_read_differently_is_refused() {
        use Unclear::{Control, DotSegment, EmptySegment, Escape, Separator};
        for (path, unclear) in [
            ("//api/config", EmptySegment),
            ("/openai//chat/completions", EmptySegment),
            ("/api/v1/chats//", EmptySegment),
            ("/./api", DotSegment),
            ("/openai/../config", DotSegment),
            ("/openai/%2e%2e/config", DotSegment),
            ("/openai/.%2E/config", DotSegment),
            ("/a/..", DotSegment),
            ("/openai/chat%2fcompletions", Separator),
            ("/openai/..%2Fx", Separator),
            ("/openai/..%5cx", Separator),
            ("/openai\\chat", Separator),
            ("/a%00b", Control),
            ("/a%0d%0ab", Control),
            ("/a%", Escape),
            ("/a%2", Escape),
            ("/a%zz", Escape),
            ("/a%+1", Escape),
            ("/a%ff", Escape),
            ("/a%c0%af", Escape),
        ] {
            assert_eq!(normalised(path), Err(unclear), "{path}");
        }
    }
}
