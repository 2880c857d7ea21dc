//! Pictures of people and models.

use data_url::DataUrl;
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
    let url = DataUrl::process(url).ok()?;
    let mime = url.mime_type();
    let kind = match (mime.type_.as_str(), mime.subtype.as_str()) {
        ("image", "png") => "image/png",
        ("image", "jpeg" | "jpg") => "image/jpeg",
        ("image", "gif") => "image/gif",
        ("image", "webp") => "image/webp",
        _ => return None,
    };
    let (image, _fragment) = url.decode_to_vec().ok()?;
    Some((kind, image))
}

#[cfg(test)]
mod tests {
    use super::embedded;

    #[test]
    fn only_pictures_without_scripts_are_taken_out_of_addresses() {
        assert_eq!(
            embedded("data:image/png;base64,AAEC"),
            Some(("image/png", vec![0, 1, 2]))
        );
        for other in [
            "data:image/svg+xml;base64,PHN2Zz4=",
            "data:text/html,<p>",
            "data:image/png;base64,%%%",
            "/user.png",
        ] {
            assert_eq!(embedded(other), None, "{other}");
        }
    }
}
