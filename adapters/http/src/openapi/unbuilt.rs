//! Operations of Open WebUI that are not built yet, so that clients are told so instead of getting the front end's page.
//!
//! `unbuilt.tsv` is written by `scripts/unbuilt.sh` from the contract and the operations of the document.

use poem::http::Method;

use crate::error::ApiError;

/// Method and path of each, one a line.
const TABLE: &str = include_str!("unbuilt.tsv");

/// Where everything is an operation: no page of the front end lies there.
const PREFIXES: [&str; 4] = ["/api/", "/ollama/", "/openai/", "/oauth/"];

/// Whether a path is an operation's, never a page's.
pub(crate) fn is_operation_path(path: &str) -> bool {
    PREFIXES.iter().any(|prefix| path.starts_with(prefix))
}

/// 404 that says so when the operation exists in Open WebUI.
pub(crate) fn unknown_operation(method: &Method, path: &str) -> ApiError {
    match is_unbuilt(method, path) {
        true => ApiError::not_found(format!(
            "This operation of Open WebUI is not built yet: {method} {path}."
        )),
        false => ApiError::not_found("Not Found"),
    }
}

/// Whether the reference has the operation and this server does not.
pub(super) fn is_unbuilt(method: &Method, path: &str) -> bool {
    entries().any(|(known, template)| known == method.as_str() && matches(template, path))
}

/// Every entry of the table.
pub(super) fn entries() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.lines().filter_map(|line| line.split_once('\t'))
}

fn matches(template: &str, path: &str) -> bool {
    let mut wanted = segments(template);
    let mut given = segments(path);
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted.starts_with('{') || wanted == given => {}
            _ => return false,
        }
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_fits_paths_of_its_segments() {
        assert!(matches("/api/v1/files/{id}/content", "/api/v1/files/a/content"));
        assert!(matches("/api/v1/files/", "/api/v1/files"));
        assert!(!matches("/api/v1/files/{id}", "/api/v1/files/a/content"));
        assert!(!matches("/api/v1/files/{id}", "/api/v1/files"));
    }

    #[test]
    fn unknown_paths_are_told_from_unbuilt_ones() {
        let detail = |method, path| unknown_operation(&method, path).to_string();
        let (method, template) = entries().next().expect("an operation that is not built");
        let path = template.replace(['{', '}'], "x");
        let method = method.parse().expect("a method");
        assert!(detail(method, &path).contains("not built yet"));
        assert!(!detail(Method::GET, "/api/v1/nothing/of/this/name").contains("not built"));
    }
}
