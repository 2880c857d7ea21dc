use base64::Engine;
use keelson_domain::user::User;
use poem::Response;
use poem::http::StatusCode;

/// Where a picture is: elsewhere, in the address itself, or the default file of the front end.
pub(super) fn profile_image(user: &User) -> Response {
    let url = user.profile_image_url.as_str();
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
        .header("location", "/static/user.png")
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
