use super::Method;

/// The endpoints of the OpenAI protocol that ask a model for something; each is told which one in its body.
const INFERENCE: [&str; 8] = [
    "POST chat/completions",
    "POST completions",
    "POST embeddings",
    "POST responses",
    "POST moderations",
    "POST rerank",
    "POST audio/*",
    "POST images/*",
];

/// An endpoint of a provider: how it is asked and where, below the connection's URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyEndpoint {
    /// None for every method.
    method: Option<Method>,
    path: String,
    /// Whether what lies below the path is meant, instead of the path itself.
    is_prefix: bool,
}

impl ProxyEndpoint {
    /// What [`ProxyEndpoint::parse`] reads, in words.
    pub const ALLOWED: &'static str =
        "endpoints such as POST batches, GET files or files/*, with commas between them";

    /// Reads `files`, `GET files`, or `files/*` for everything below; none for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (first, second) = (words.next()?, words.next());
        let (method, path) = match second {
            Some(path) => (Some(Method::parse(first)?), path),
            None => (None, first),
        };
        let (path, is_prefix) = match path.strip_suffix("/*") {
            Some(path) => (path, true),
            None => (path, false),
        };
        (words.next().is_none() && is_proxy_path(path)).then(|| Self {
            method,
            path: path.to_owned(),
            is_prefix,
        })
    }

    /// What users reach where the operator says nothing: what asks a model for something, and the lists of models.
    pub fn defaults() -> Vec<Self> {
        let endpoints = INFERENCE.into_iter().chain(["GET models"]);
        endpoints.filter_map(Self::parse).collect()
    }

    /// Whether a request goes to this endpoint; `path` as [`is_proxy_path`] wants it.
    pub fn includes(&self, method: Method, path: &str) -> bool {
        let rest = path.strip_prefix(self.path.as_str());
        self.method.is_none_or(|own| own == method)
            && rest.is_some_and(|rest| match self.is_prefix {
                true => rest.starts_with('/'),
                false => rest.is_empty(),
            })
    }
}

/// Whether a request asks a model for something, so that its body must name one.
pub fn needs_model(method: Method, path: &str) -> bool {
    let mut endpoints = INFERENCE.into_iter().filter_map(ProxyEndpoint::parse);
    endpoints.any(|endpoint| endpoint.includes(method, path))
}

/// Whether a path may be put behind a connection's URL: segments of plain characters with single slashes between them.
/// Whatever another server could read as something else is none: encoded characters, backslashes, `.` and `..`.
pub fn is_proxy_path(path: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:@".contains(&byte);
    path.split('/')
        .all(|segment| !matches!(segment, "" | "." | "..") && segment.bytes().all(is_plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_read_and_recognized() {
        for (text, method, path, included) in [
            ("files", Method::Get, "files", true),
            ("files", Method::Delete, "files", true),
            ("files", Method::Get, "files/1", false),
            ("files", Method::Get, "filesystem", false),
            ("files/*", Method::Get, "files/1/content", true),
            ("files/*", Method::Get, "files", false),
            ("files/*", Method::Get, "files2/1", false),
            ("get files", Method::Get, "files", true),
            ("GET files", Method::Post, "files", false),
            ("POST fine_tuning/jobs", Method::Post, "fine_tuning/jobs", true),
        ] {
            let endpoint = ProxyEndpoint::parse(text).expect("an endpoint");
            assert_eq!(
                endpoint.includes(method, path),
                included,
                "{text} {method:?} {path}"
            );
        }
        for text in [
            "",
            "*",
            "/*",
            "/files",
            "files/",
            "a//b",
            "PATCH files",
            "GET a b",
            "a/../b",
            "a%2fb",
        ] {
            assert_eq!(ProxyEndpoint::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_default_endpoint_is_read() {
        assert_eq!(ProxyEndpoint::defaults().len(), INFERENCE.len() + 1);
        for (method, path, needed) in [
            (Method::Post, "completions", true),
            (Method::Post, "images/edits", true),
            (Method::Get, "responses", false),
            (Method::Post, "files", false),
            (Method::Post, "Completions", false),
        ] {
            assert_eq!(needs_model(method, path), needed, "{method:?} {path}");
        }
    }

    #[test]
    fn only_plain_paths_are_forwarded() {
        for path in ["files", "files/f-1", "models/a.b:free", "fine_tuning/jobs"] {
            assert!(is_proxy_path(path), "{path}");
        }
        for path in [
            "", "/", "a/", "/a", "a//b", ".", "a/..", "../a", "a/./b", "%2e%2e/a", "..%2fa", "..%5ca",
            "a%252fb", "a\\b", "a;b", "a?b", "a#b", "a b", "ä", "a\0b", "a*",
        ] {
            assert!(!is_proxy_path(path), "{path}");
        }
    }
}
