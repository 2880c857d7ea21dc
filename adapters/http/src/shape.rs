//! Turns every error that the framework makes into FastAPI's shape.

use keelson_application::auth::AuthError;
use poem::error::{MethodNotAllowedError, NotFoundError, ReadBodyError};
use poem::http::StatusCode;
use poem::{Endpoint, EndpointExt, IntoResponse, Response};
use poem_openapi::error::{
    AuthorizationError, ContentTypeError, ParseMultipartError, ParseParamError, ParsePathError,
    ParseRequestPayloadError,
};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::error::ApiError;
use crate::middleware::body_error;

/// No error leaves this layer in another shape.
pub(crate) fn shaped<E: Endpoint + 'static>(inner: E) -> impl Endpoint<Output = Response> {
    inner.around(|next, request| async move {
        let query = request.uri().query().map(str::to_owned);
        Ok(match next.call(request).await {
            Ok(response) => response.into_response(),
            Err(error) => shape(error, query.as_deref().unwrap_or_default()),
        })
    })
}

fn shape(error: poem::Error, query: &str) -> Response {
    if error.is_from_response() {
        return error.into_response();
    }
    let shaped = if error.is::<NotFoundError>() {
        ApiError::not_found("Not Found")
    } else if error.is::<MethodNotAllowedError>() {
        ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
    } else if let Some(e) = error.downcast_ref::<ParseParamError>() {
        let given = form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == e.name)
            .map(|(_, value)| value.into_owned());
        invalid("query", e.name, &e.reason, given)
    } else if let Some(e) = error.downcast_ref::<ParsePathError>() {
        invalid("path", e.name, &e.reason, None)
    } else if let Some(e) = error.downcast_ref::<ParseRequestPayloadError>() {
        ApiError::unprocessable(vec![
            json!({"type": "value_error", "loc": ["body"], "msg": e.reason, "input": null}),
        ])
    } else if error.is::<ContentTypeError>() || error.is::<ParseMultipartError>() {
        ApiError::unprocessable(vec![
            json!({"type": "missing", "loc": ["body"], "msg": error.to_string(), "input": null}),
        ])
    } else if let Some(ReadBodyError::Io(e)) = error.downcast_ref() {
        body_error(e)
    } else if error.is::<AuthorizationError>() {
        AuthError::NotSignedIn.into()
    } else if error.status().is_server_error() {
        tracing::error!(error = %error, "a request failed");
        ApiError::new(error.status(), "Internal Server Error")
    } else {
        ApiError::new(error.status(), error.to_string())
    };
    shaped.into_response()
}

/// A parameter that is missing or not of its type. The framework tells only a text; the types' names stand in it.
fn invalid(place: &str, name: &str, reason: &str, given: Option<String>) -> ApiError {
    let (kind, message) = match given {
        None if place == "query" => ("missing", "Field required"),
        _ if reason.contains("integer") => (
            "int_parsing",
            "Input should be a valid integer, unable to parse string as an integer",
        ),
        _ if reason.contains("boolean") => (
            "bool_parsing",
            "Input should be a valid boolean, unable to interpret input",
        ),
        _ if reason.contains("number") => (
            "float_parsing",
            "Input should be a valid number, unable to parse string as a number",
        ),
        _ => ("value_error", reason),
    };
    let input = given.map_or(Value::Null, Value::String);
    ApiError::unprocessable(vec![
        json!({"type": kind, "loc": [place, name], "msg": message, "input": input}),
    ])
}
