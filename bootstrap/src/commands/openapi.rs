use super::print;
use crate::config::StartError;

/// Prints the document that clients are generated from.
pub(super) fn run() -> Result<(), StartError> {
    let document = keelson_http::openapi_document()
        .map_err(|error| StartError::Unusable(format!("the document cannot be written: {error}")))?;
    print(document.trim_end())
}
