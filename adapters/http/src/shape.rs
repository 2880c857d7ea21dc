//! Turns every error that the framework makes into FastAPI's shape.

use keelson_application::auth::AuthError;
use poem::error::{MethodNotAllowedError, NotFoundError, ReadBodyError};
use poem::http::{Method, StatusCode, Uri};
use poem::{Endpoint, EndpointExt, IntoResponse, Response};
use poem_openapi::error::{
    AuthorizationError, ContentTypeError, ParseMultipartError, ParseParamError, ParsePathError,
    ParseRequestPayloadError,
};
use serde_json::Value;
use url::form_urlencoded;

use crate::body::read_error;
use crate::error::{ApiError, Place, ValidationError};
use crate::openapi::unknown_operation;
use crate::param::misfit;

/// No error leaves this layer in another shape.
pub(crate) fn shaped<E: Endpoint + 'static>(inner: E) -> impl Endpoint<Output = Response> {
    inner.around(|next, request| async move {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        Ok(match next.call(request).await {
            Ok(response) => response.into_response(),
            Err(error) if error.is_from_response() => error.into_response(),
            Err(error) => shape(error, &method, &uri).answer_to(uri.path()),
        })
    })
}

fn shape(error: poem::Error, method: &Method, uri: &Uri) -> ApiError {
    let error = match error.downcast::<ApiError>() {
        Ok(error) => return error,
        Err(error) => error,
    };
    if error.is::<NotFoundError>() {
        unknown_operation(method, uri.path())
    } else if error.is::<MethodNotAllowedError>() {
        ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
    } else if let Some(e) = error.downcast_ref::<ParseParamError>() {
        let query = uri.query().unwrap_or_default();
        let given = form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == e.name)
            .map(|(_, value)| value.into_owned());
        ApiError::unprocessable(&[misfit("query", e.name, &e.reason, given)])
    } else if let Some(e) = error.downcast_ref::<ParsePathError>() {
        ApiError::unprocessable(&[misfit("path", e.name, &e.reason, None)])
    } else if let Some(e) = error.downcast_ref::<ParseRequestPayloadError>() {
        wrong_body("value_error", e.reason.clone())
    } else if error.is::<ContentTypeError>() || error.is::<ParseMultipartError>() {
        wrong_body("missing", error.to_string())
    } else if let Some(ReadBodyError::Io(e)) = error.downcast_ref() {
        read_error(e)
    } else if error.is::<AuthorizationError>() {
        AuthError::NotSignedIn.into()
    } else if error.status().is_server_error() {
        tracing::error!(error = %error, "a request failed");
        ApiError::new(error.status(), "Internal Server Error")
    } else {
        ApiError::new(error.status(), error.to_string())
    }
}

fn wrong_body(kind: &str, message: String) -> ApiError {
    ApiError::unprocessable(&[ValidationError::new(
        kind,
        vec![Place::from("body")],
        message,
        Value::Null,
    )])
}
