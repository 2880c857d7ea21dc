//! Lists of models that may be chosen. They are long and asked for often, so they are written as text at once: the types
//! here declare them and are never made of them.

use poem_openapi::Object;
use poem_openapi::types::Type;
use serde::Serialize;

use super::dto::ModelMeta;
use crate::error::ApiError;
use crate::json::{Extra, Free};
use crate::provider::ProviderDocument;
use crate::raw::{JsonText, Raw};

/// A list of models.
#[derive(Object)]
pub(super) struct ModelList {
    data: Vec<ModelListing>,
}

/// A model that may be chosen. A provider's model has the fields of its provider too.
#[derive(Object)]
struct ModelListing {
    /// Identity.
    id: String,
    /// Name.
    name: String,
    #[oai(skip_serializing_if_is_none)]
    object: Option<String>,
    /// When it was made, in seconds since 1970.
    #[oai(skip_serializing_if_is_none)]
    created: Option<i64>,
    /// Who offers it: `openai`, `arena`…
    #[oai(skip_serializing_if_is_none)]
    owned_by: Option<String>,
    /// `external` or `local`.
    #[oai(skip_serializing_if_is_none)]
    connection_type: Option<String>,
    /// The connection that offers it.
    #[oai(rename = "urlIdx", skip_serializing_if_is_none)]
    url_idx: Option<i64>,
    /// What the provider says of it.
    #[oai(skip_serializing_if_is_none)]
    openai: Option<Free<ProviderDocument>>,
    /// Whether it is a preset of the workspace.
    #[oai(skip_serializing_if_is_none)]
    preset: Option<bool>,
    /// Whether it is an arena.
    #[oai(skip_serializing_if_is_none)]
    arena: Option<bool>,
    /// What the workspace says of it.
    #[oai(skip_serializing_if_is_none)]
    info: Option<ModelInfo>,
    #[oai(skip_serializing_if_is_none)]
    tags: Option<Vec<ModelTag>>,
    #[oai(flatten)]
    extra: Extra,
}

/// What the workspace says of a model; of an arena `meta` alone.
#[derive(Object)]
struct ModelInfo {
    /// Description, capabilities and the like, without the picture.
    meta: Free<ModelMeta>,
    #[oai(flatten)]
    extra: Extra,
}

/// A tag of a model.
#[derive(Object)]
struct ModelTag {
    /// Name.
    name: String,
}

/// What a provider lists.
#[derive(Object)]
pub(super) struct ProviderModelList {
    /// Always `list`.
    object: String,
    data: Vec<Free<ProviderDocument>>,
}

#[derive(Serialize)]
struct List<'a, T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<&'a str>,
    data: &'a [T],
}

/// Writes `{"data": […]}`, with `"object": "list"` where the list is a provider's.
pub(super) fn write_list<M: Type, T: Serialize>(
    object: Option<&str>,
    data: &[T],
) -> Result<Raw<JsonText<M>>, ApiError> {
    let text =
        serde_json::to_string(&List { object, data }).map_err(|error| ApiError::unexpected(&error.into()))?;
    Ok(poem::Response::builder()
        .content_type("application/json")
        .body(text)
        .into())
}
