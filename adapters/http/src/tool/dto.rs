use keelson_application::user::Owned;
use keelson_domain::tool::Tool;
use poem_openapi::Object;
use serde_json::Value;

use crate::access::{AccessRulesColumn, Owner};
use crate::json::{Column, Free, Nullable};

/// What is said of the tool: its description and manifest.
pub(super) struct ToolMeta;

impl Column for ToolMeta {
    const NAME: &'static str = "ToolMeta";
    const DESCRIPTION: &'static str = "What is said of the tool: its description and manifest";
}

/// One function of the tool as models are told of it: name, description, parameters.
pub(super) struct ToolSpec;

impl Column for ToolSpec {
    const NAME: &'static str = "ToolSpec";
    const DESCRIPTION: &'static str =
        "One function of the tool as models are told of it: name, description, parameters";
}

/// A tool, without its source.
#[derive(Object)]
#[oai(rename = "Tool")]
pub(super) struct ToolDto {
    /// Identity.
    id: String,
    /// Whose it is.
    user_id: String,
    /// Name.
    name: String,
    meta: Free<ToolMeta>,
    access_control: Nullable<Free<AccessRulesColumn>>,
    /// When it was last changed, in seconds since 1970.
    updated_at: i64,
    /// When it was made, in seconds since 1970.
    created_at: i64,
    /// Its owner; null when the account is gone.
    user: Nullable<Owner>,
}

impl From<Owned<Tool>> for ToolDto {
    fn from(tool: Owned<Tool>) -> Self {
        let Owned { object, owner } = tool;
        Self {
            id: object.id.into_string(),
            user_id: object.owner.into_string(),
            name: object.name,
            meta: object.meta.into(),
            access_control: object.access_control.map(Free::from).into(),
            updated_at: object.updated_at.seconds(),
            created_at: object.created_at.seconds(),
            user: owner.map(Owner::from).into(),
        }
    }
}

/// A tool that the caller may use.
#[derive(Object)]
#[oai(rename = "UsableTool")]
pub(super) struct UsableToolDto {
    #[oai(flatten)]
    tool: ToolDto,
    /// Python source.
    content: String,
    /// Its functions as models are told of them.
    specs: Vec<Free<ToolSpec>>,
    /// Whether each user may set it up for themselves.
    has_user_valves: bool,
}

impl From<Owned<Tool>> for UsableToolDto {
    fn from(mut tool: Owned<Tool>) -> Self {
        let has_user_valves = tool.object.has_user_valves();
        Self {
            content: std::mem::take(&mut tool.object.content),
            specs: match tool.object.specs.take() {
                Value::Array(specs) => specs.into_iter().map(Free::from).collect(),
                _ => Vec::new(),
            },
            has_user_valves,
            tool: tool.into(),
        }
    }
}
