//! The document that clients are generated from.
//!
//! poem-openapi knows what each operation says of itself. What holds for many is completed here, on its own model:
//! operations of one path stand together, all may answer 403, those that want a caller 401, those that take anything
//! 422, and fields that may be left out may be `null`. The result is written as OpenAPI 3.1.

mod routes;
#[cfg(test)]
mod tests;
mod unbuilt;
mod v3_1;

use std::collections::BTreeMap;
use std::marker::PhantomData;

use poem_openapi::registry::{MetaApi, MetaMediaType, MetaOperation, MetaPath, MetaResponse, Registry};
use poem_openapi::types::Type;
use poem_openapi::{LicenseObject, OpenApi, OpenApiService, ServerObject};
use serde_json::{Map, Value, json};

use crate::error::{HttpError, HttpValidationError, error_meta};
use crate::json::nullable;

use routes::Table;
pub(crate) use routes::{Routed, method_not_allowed};
pub(crate) use unbuilt::{is_operation_path, unknown_operation};

const DESCRIPTION: &str = "The backend of a self-hosted AI workspace, compatible with Open WebUI 0.6.43. \
    Times are whole seconds since 1970 unless an operation says otherwise. Errors are `{\"detail\": …}`.";

/// `/api/v1/<name>` that are no collections: OpenAI's own paths.
const NO_COLLECTIONS: [&str; 2] = ["models", "embeddings"];

/// Describes the operations of `A` without serving them.
pub(crate) struct Description<A>(PhantomData<fn() -> A>);

impl<A: OpenApi> Description<A> {
    /// A service that only knows its document; `_api` says of which type the API is.
    pub(crate) fn of<S: ?Sized>(_api: fn(&S) -> A) -> OpenApiService<Self, ()> {
        let server = ServerObject::new("/").description("The server that the document comes from.");
        OpenApiService::new(Self(PhantomData), "Keelson", env!("CARGO_PKG_VERSION"))
            .description(DESCRIPTION)
            .license(LicenseObject::new("MIT OR Apache-2.0").identifier(env!("CARGO_PKG_LICENSE")))
            .server(server)
    }
}

/// The document of a service, as OpenAPI 3.1.
///
/// # Errors
/// When what poem-openapi writes is not JSON.
pub(crate) fn document<A: OpenApi>(
    service: &OpenApiService<Description<A>, ()>,
) -> Result<String, serde_json::Error> {
    let mut document = serde_json::from_str(&service.spec())?;
    v3_1::upgrade(&mut document);
    say_what_is_public(&mut document);
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}

/// Operations that want no caller say so: a linter cannot tell them from those where it was forgotten.
fn say_what_is_public(document: &mut Value) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let operations = paths.into_iter().flat_map(Map::values_mut);
    for operation in operations
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut)
    {
        if let Value::Object(operation) = operation {
            operation.entry("security").or_insert_with(|| json!([]));
        }
    }
}

impl<A: OpenApi> OpenApi for Description<A> {
    fn meta() -> Vec<MetaApi> {
        let mut paths = BTreeMap::<String, Vec<MetaOperation>>::new();
        for path in A::meta().into_iter().flat_map(|api| api.paths) {
            let operations = path.operations.into_iter().map(completed);
            paths.entry(written(path.path)).or_default().extend(operations);
        }
        let paths = paths
            .into_iter()
            .map(|(path, operations)| MetaPath { path, operations });
        vec![MetaApi {
            paths: paths.collect(),
        }]
    }

    fn register(registry: &mut Registry) {
        A::register(registry);
        HttpError::register(registry);
        HttpValidationError::register(registry);
        for schema in registry.schemas.values_mut() {
            for (name, property) in &mut schema.properties {
                if !schema.required.contains(name) {
                    *property = nullable(property.clone());
                }
            }
        }
    }

    fn add_routes(self, _table: &mut Table) {}
}

/// A path as the contract writes it: collections end with a slash, which poem-openapi takes away, and the rest of a path
/// is a parameter as any other.
fn written(path: String) -> String {
    if let Some((start, name)) = path.split_once('*') {
        return format!("{start}{{{name}}}");
    }
    match path.strip_prefix("/api/v1/") {
        Some(name) if !name.contains('/') && !NO_COLLECTIONS.contains(&name) => format!("{path}/"),
        _ => path,
    }
}

/// An operation with the answers that it has in common with others.
fn completed(mut operation: MetaOperation) -> MetaOperation {
    let needs_caller = !operation.security.is_empty() && operation.security.iter().all(|way| !way.is_empty());
    let takes_anything = !operation.params.is_empty() || operation.request.is_some();
    // Admins may restrict where API keys are used; everywhere else a request with one is refused.
    let mut answers = vec![error_meta(403, "API keys may not be used here.")];
    if needs_caller {
        answers.push(error_meta(
            401,
            "Not signed in, or not with a role that may do this.",
        ));
    }
    if takes_anything {
        answers.push(invalid_request());
    }
    let responses = &mut operation.responses.responses;
    for answer in answers {
        if responses.iter().all(|known| known.status != answer.status) {
            responses.push(answer);
        }
    }
    for response in responses.iter_mut() {
        if response.description.is_empty() {
            response.description = "The result.";
        }
        for media in &mut response.content {
            // Generators look for the bare name.
            media.content_type = media.content_type.trim_end_matches("; charset=utf-8");
        }
    }
    responses.sort_by_key(|response| response.status);
    operation
}

fn invalid_request() -> MetaResponse {
    MetaResponse {
        description: "The parameters or the body do not fit.",
        status: Some(422),
        status_range: None,
        content: vec![MetaMediaType {
            content_type: "application/json",
            schema: HttpValidationError::schema_ref(),
        }],
        headers: vec![],
    }
}
