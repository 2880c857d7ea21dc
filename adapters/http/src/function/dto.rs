use keelson_application::user::Owned;
use keelson_domain::function::Function;
use poem_openapi::Object;

use crate::json::{Column, Free, Nullable};
use crate::user::UserDto;

/// What is said of the function: its description and manifest.
pub(super) struct FunctionMeta;

impl Column for FunctionMeta {
    const NAME: &'static str = "FunctionMeta";
    const DESCRIPTION: &'static str = "What is said of the function: its description and manifest";
}

/// A function, without its source.
#[derive(Object)]
#[oai(rename = "Function")]
pub(super) struct FunctionDto {
    /// Identity.
    id: String,
    /// Who made it.
    user_id: String,
    /// `filter`, `pipe` or `action`.
    #[oai(rename = "type")]
    kind: String,
    /// Name.
    name: String,
    meta: Free<FunctionMeta>,
    /// Whether it is on.
    is_active: bool,
    /// Whether it is on for every model.
    is_global: bool,
    /// When it was last changed, in seconds since 1970.
    updated_at: i64,
    /// When it was made, in seconds since 1970.
    created_at: i64,
}

impl From<Function> for FunctionDto {
    fn from(function: Function) -> Self {
        Self {
            id: function.id.into_string(),
            user_id: function.owner.into_string(),
            kind: function.kind.as_str().to_owned(),
            name: function.name,
            meta: function.meta.into(),
            is_active: function.is_active,
            is_global: function.is_global,
            updated_at: function.updated_at.seconds(),
            created_at: function.created_at.seconds(),
        }
    }
}

/// A function with its source and its owner.
#[derive(Object)]
#[oai(rename = "FunctionSource")]
pub(super) struct FunctionSourceDto {
    #[oai(flatten)]
    function: FunctionDto,
    /// Python source.
    content: String,
    /// Its owner; null when the account is gone.
    user: Nullable<UserDto>,
}

impl From<Owned<Function>> for FunctionSourceDto {
    fn from(mut function: Owned<Function>) -> Self {
        Self {
            content: std::mem::take(&mut function.object.content),
            function: function.object.into(),
            user: function.owner.as_ref().map(UserDto::from).into(),
        }
    }
}
