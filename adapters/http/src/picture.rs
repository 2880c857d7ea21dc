//! Pictures of people and models.

use base64::Engine;
use poem::Response;
use poem::http::StatusCode;

/// The file under `/static` that a response stands for, where the front end is there to send it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StandIn(pub(crate) &'static str);

/// Where a picture is: elsewhere, in the address itself, or the front end's file for those who have none.
pub(crate) fn picture(url: &str, stand_in: StandIn) -> Response {
    if url.starts_with("http://") || url.starts_with("https://") {
        return Response::builder()
            .status(StatusCode::FOUND)
            .header("location", url)
            .finish();
    }
    if let Some((kind, image)) = embedded(url) {
        return Response::builder()
            .content_type(kind)
            .header("content-disposition", "inline")
            // The type comes from the user: it must not be guessed into something that runs.
            .header("x-content-type-options", "nosniff")
            .body(image);
    }
    Response::builder()
        .status(StatusCode::FOUND)
        .header("location", format!("/static/{}", stand_in.0))
        .extension(stand_in)
        .finish()
}

/// The type and bytes of a data URL of a picture that cannot hold scripts.
fn embedded(url: &str) -> Option<(&'static str, Vec<u8>)> {
    let (head, data) = url.strip_prefix("data:")?.split_once(',')?;
    let kind = match head.strip_suffix(";base64")? {
        "image/png" => "image/png",
        "image/jpeg" | "image/jpg" => "image/jpeg",
        "image/gif" => "image/gif",
        "image/webp" => "image/webp",
        _ => return None,
    };
    base64::engine::general_purpose::STANDARD
        .decode(data)
        .ok()
        .map(|image| (kind, image))
}
