//! The built front end: its files, and `index.html` for every other page.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response};

use super::file::FileRequest;
use crate::error::{ApiError, ApiResult};
use crate::openapi::{is_operation_path, method_not_allowed};
use crate::picture::StandIn;
use crate::untrusted::shown_as_data;

/// Where the files of the front end lie.
#[derive(Debug, Clone, Default)]
pub struct Frontend {
    /// The built front end; without it the API alone is served.
    pub build_dir: Option<PathBuf>,
    /// Files under `/static`, looked up before those of the build.
    pub static_dir: Option<PathBuf>,
}

/// Serves the front end where no operation answers.
pub fn layer<E: Endpoint + 'static>(inner: E, frontend: Frontend) -> impl Endpoint<Output = Response> {
    let frontend = Arc::new(frontend);
    inner.around(move |next, request| {
        let frontend = frontend.clone();
        async move {
            let method = request.method().clone();
            let path = request.uri().path().to_owned();
            let wanted = FileRequest::of(&request);
            match next.call(request).await {
                Ok(response) => Ok(frontend.stand_in(response.into_response(), &wanted).await),
                Err(error) => frontend.answer(&method, &path, &wanted, error).await,
            }
        }
    })
}

impl Frontend {
    async fn answer(
        &self,
        method: &Method,
        path: &str,
        wanted: &FileRequest,
        error: poem::Error,
    ) -> poem::Result<Response> {
        let unknown = error.is::<poem::error::NotFoundError>();
        let wrong_method = error.is::<poem::error::MethodNotAllowedError>();
        let read = matches!(*method, Method::GET | Method::HEAD);
        let page = unknown || (wrong_method && read);
        if !page || is_operation_path(path) {
            return Err(error);
        }
        if let Some(name) = path.strip_prefix("/static/") {
            return self.static_file(method, name, wanted).await;
        }
        let Some(build_dir) = &self.build_dir else {
            return Err(error);
        };
        if !read {
            return Ok(method_not_allowed("GET, HEAD"));
        }
        if let Some(file) = inside(build_dir, path.trim_start_matches('/')) {
            return send(&file, wanted, path.starts_with("/_app/immutable/")).await;
        }
        if path.ends_with(".js") {
            return Err(ApiError::not_found("Not Found").into());
        }
        send(&build_dir.join("index.html"), wanted, false).await
    }

    /// Sends the file that a response stands for, if there is one; the response leads there otherwise.
    async fn stand_in(&self, response: Response, wanted: &FileRequest) -> Response {
        let Some(StandIn(name)) = response.extensions().get().copied() else {
            return response;
        };
        let file = self.static_file(&Method::GET, name, wanted).await;
        file.unwrap_or(response)
    }

    async fn static_file(&self, method: &Method, name: &str, wanted: &FileRequest) -> poem::Result<Response> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Ok(method_not_allowed("GET, HEAD"));
        }
        let build_static = self.build_dir.as_ref().map(|dir| dir.join("static"));
        let file = [self.static_dir.as_ref(), build_static.as_ref()]
            .into_iter()
            .flatten()
            .find_map(|dir| inside(dir, name))
            .ok_or_else(|| ApiError::not_found("Not Found"))?;
        send(&file, wanted, false).await
    }
}

/// The file of a folder that a path under `/cache` names.
pub(super) async fn cached(dir: &Path, name: &str, request: &Request) -> ApiResult<Response> {
    let unknown = || ApiError::not_found("There is no such file in the cache.");
    let file = inside(dir, name).ok_or_else(unknown)?;
    let sent = send(&file, &FileRequest::of(request), false).await;
    Ok(shown_as_data(sent.map_err(|_| unknown())?))
}

/// The file at a path below `dir`, if there is one; never one outside, also not through a link.
fn inside(dir: &Path, path: &str) -> Option<PathBuf> {
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    let relative = Path::new(decoded.as_ref());
    if !relative
        .components()
        .all(|part| matches!(part, Component::Normal(_)))
    {
        return None;
    }
    // The folder itself may be a link: that is the operator's.
    let dir = dir.canonicalize().ok()?;
    let file = dir.join(relative).canonicalize().ok()?;
    (file.starts_with(&dir) && file.is_file()).then_some(file)
}

/// Sends a file; those whose names carry their hash are kept for a year.
async fn send(file: &Path, wanted: &FileRequest, immutable: bool) -> poem::Result<Response> {
    let mut response = wanted.send(file).await?;
    if response.status().is_client_error() {
        return Ok(response);
    }
    let is_script = |extension: &OsStr| extension == "js" || extension == "mjs";
    if response.status() != StatusCode::NOT_MODIFIED && file.extension().is_some_and(is_script) {
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/javascript; charset=utf-8"),
        );
    }
    let cache = if immutable {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn never_leaves_the_folder() {
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert!(inside(&dir, "lib.rs").is_some());
        for path in [
            "../Cargo.toml",
            "%2e%2e/Cargo.toml",
            "/etc/passwd",
            "system",
            "",
            "nothing.txt",
        ] {
            assert!(inside(&dir, path).is_none(), "{path}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn links_are_followed_inside_the_folder_only() {
        use std::os::unix::fs::symlink;
        let place = tempfile::tempdir().expect("a folder");
        let (outside, dir) = (place.path().join("secret.db"), place.path().join("cache"));
        std::fs::create_dir_all(dir.join("sub")).expect("a folder");
        std::fs::write(&outside, "secret").expect("a file");
        std::fs::write(dir.join("a.png"), "picture").expect("a file");
        for (link, target) in [
            ("file", outside.as_path()),
            ("up", place.path()),
            ("sub/relative", std::path::Path::new("../../secret.db")),
            ("inner", std::path::Path::new("a.png")),
        ] {
            symlink(target, dir.join(link)).expect("a link");
        }
        symlink(&dir, place.path().join("served")).expect("a link");
        for path in [
            "file",
            "up/secret.db",
            "up/cache/a.png/../../secret.db",
            "sub/relative",
            "up",
        ] {
            assert!(inside(&dir, path).is_none(), "{path}");
        }
        for path in ["a.png", "inner", "up/cache/a.png"] {
            assert!(inside(&dir, path).is_some(), "{path}");
            assert!(inside(&place.path().join("served"), path).is_some(), "{path}");
        }
    }
}
