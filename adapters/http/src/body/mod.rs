//! JSON bodies, checked as the reference checks them: every missing or wrong field is named in a 422.

mod check;
mod excerpt;
pub(crate) mod limit;

use std::io;

use poem::http::StatusCode;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaMediaType, MetaRequest, Registry};
use poem_openapi::types::{ParseFromJSON, Type};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde_json::{Value, json};

use check::schema;
use keelson_domain::chat::strip_nulls;
use keelson_domain::shared::json;

use crate::error::{ApiError, Place, ValidationError};

pub(crate) use excerpt::excerpt;

/// A JSON body of type `T`, of at most `LIMIT` bytes (see [`limit`]).
pub struct Body<T, const LIMIT: usize = { limit::FORM }>(pub T);

/// A JSON body that may be missing, empty or `null`.
pub struct OptionalBody<T>(pub Option<T>);

/// Parses and checks a body.
///
/// # Errors
/// 422 in FastAPI's shape when it is not JSON or does not fit `T`.
pub fn parse<T: Type + ParseFromJSON + 'static>(data: &[u8]) -> Result<T, ApiError> {
    fit(if data.is_empty() {
        Value::Null
    } else {
        document(data)?
    })
}

/// Makes a `T` of a document.
fn fit<T: Type + ParseFromJSON + 'static>(mut value: Value) -> Result<T, ApiError> {
    // PostgreSQL keeps no null characters, so none comes in.
    strip_nulls(&mut value);
    let errors = schema::<T>().errors(&mut value);
    if !errors.is_empty() {
        return Err(ApiError::unprocessable(&errors));
    }
    T::parse_from_json(Some(value)).map_err(|error| {
        wrong(ValidationError::new(
            "value_error",
            body_place(),
            error.into_message(),
            Value::Null,
        ))
    })
}

fn body_place() -> Vec<Place> {
    vec![Place::from("body")]
}

fn wrong(error: ValidationError) -> ApiError {
    ApiError::unprocessable(&[error])
}

fn document(data: &[u8]) -> Result<Value, ApiError> {
    json::read(data).map_err(|error| {
        // The reference tells the place as a count of characters.
        let lines = data
            .split_inclusive(|byte| *byte == b'\n')
            .take(error.line().saturating_sub(1));
        let before: usize = lines.map(<[u8]>::len).sum();
        // At the end of the text the place is behind it, not at its last character.
        let place = before + error.column().saturating_sub(usize::from(!error.is_eof()));
        let loc = vec![Place::from("body"), Place::from(place)];
        wrong(ValidationError::new("json_invalid", loc, "JSON decode error", json!({})).with_cause(&error))
    })
}

/// Reads a request's body. One that says that it is no JSON is no document, whatever it looks like: pages of other
/// sites may send such bodies without being asked first.
async fn read(request: &Request, body: &mut RequestBody, limit: usize) -> poem::Result<Vec<u8>> {
    let data = limit::read(request, body, limit).await?;
    if data.is_empty() || request.content_type().is_none_or(is_json) {
        return Ok(data);
    }
    let text = excerpt(&Value::String(String::from_utf8_lossy(&data).into_owned()));
    let error = ValidationError::new("model_attributes_type", body_place(), check::NO_MODEL, text);
    Err(wrong(error).into())
}

/// Reads a request's body as a document of at most so many bytes and values, whatever its size.
pub(crate) async fn read_document<T: Type + ParseFromJSON + 'static>(
    request: &Request,
    body: &mut RequestBody,
    limit: usize,
    values: usize,
) -> poem::Result<T> {
    let data = read(request, body, limit).await?;
    limit::check_values(&data, values)?;
    let value = if data.is_empty() {
        Value::Null
    } else {
        document(&data)?
    };
    // The text is not needed beside the values.
    drop(data);
    Ok(fit(value)?)
}

fn is_json(kind: &str) -> bool {
    let essence = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence
        .strip_prefix("application/")
        .is_some_and(|subtype| subtype == "json" || subtype.ends_with("+json"))
}

/// 413, with the size that is allowed, in bytes.
pub(crate) fn too_large(limit: u64) -> ApiError {
    ApiError::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("The body of this request is too large: at most {limit} bytes are taken here."),
    )
}

/// What an error in reading a body means to the client.
pub(crate) fn read_error(error: &io::Error) -> ApiError {
    // poem wraps errors in errors.
    let mut error = error;
    while let Some(inner) = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<io::Error>())
    {
        error = inner;
    }
    match error.kind() {
        io::ErrorKind::FileTooLarge => ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The body of this request is too large.",
        ),
        io::ErrorKind::TimedOut => ApiError::new(
            StatusCode::REQUEST_TIMEOUT,
            "The body of this request did not arrive.",
        ),
        _ => ApiError::bad_request("The body of this request could not be read."),
    }
}

fn request_meta<T: Type>(required: bool) -> MetaRequest {
    MetaRequest {
        description: None,
        content: vec![MetaMediaType {
            content_type: "application/json",
            schema: T::schema_ref(),
        }],
        required,
    }
}

impl<'a, T: ParseFromJSON + Type + 'static, const LIMIT: usize> ApiExtractor<'a> for Body<T, LIMIT> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(request_meta::<T>(true))
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _options: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        let document = read_document(request, body, LIMIT, limit::values_of(LIMIT)).await?;
        Ok(Self(document))
    }
}

impl<'a, T: ParseFromJSON + Type + 'static> ApiExtractor<'a> for OptionalBody<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(request_meta::<T>(false))
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _options: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        let data = read(request, body, limit::FORM).await?;
        limit::check_values(&data, limit::values_of(limit::FORM))?;
        if data.is_empty() || data.as_slice() == b"null" {
            return Ok(Self(None));
        }
        Ok(Self(Some(parse(&data)?)))
    }
}

#[cfg(test)]
mod tests;
