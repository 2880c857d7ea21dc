use diesel::prelude::*;
use keelson_domain::file::File;
use keelson_domain::function::Function;
use keelson_domain::knowledge::Knowledge;
use keelson_domain::prompt::Prompt;
use keelson_domain::shared::{StoreError, StoreResult, Timestamp};
use keelson_domain::tool::Tool;
use keelson_persistence_kit::schema;
use serde_json::Value;

/// A JSON `null` in a column means the same as no value.
pub(crate) fn some(value: Option<Value>) -> Option<Value> {
    value.filter(|value| !value.is_null())
}

/// JSON that a text column holds.
fn json(table: &'static str, column: &'static str, row: &str, text: &str) -> StoreResult<Value> {
    serde_json::from_str(text).map_err(|error| StoreError::Inconsistent {
        table,
        column,
        row: row.to_owned(),
        reason: error.to_string(),
    })
}

/// A row of `tool`, without its valves.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::tool)]
pub(crate) struct ToolRow {
    id: String,
    user_id: String,
    name: String,
    content: String,
    specs: String,
    meta: String,
    access_control: Option<Value>,
    created_at: i64,
    updated_at: i64,
}

impl ToolRow {
    pub(crate) fn into_domain(self) -> StoreResult<Tool> {
        Ok(Tool {
            specs: json("tool", "specs", &self.id, &self.specs)?,
            meta: json("tool", "meta", &self.id, &self.meta)?,
            id: self.id.into(),
            owner: self.user_id.into(),
            name: self.name,
            content: self.content,
            access_control: some(self.access_control),
            created_at: Timestamp::from_seconds(self.created_at),
            updated_at: Timestamp::from_seconds(self.updated_at),
        })
    }
}

/// A row of `function`, without its valves.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::function)]
pub(crate) struct FunctionRow {
    id: String,
    user_id: String,
    name: String,
    kind: String,
    content: String,
    meta: String,
    is_active: bool,
    is_global: bool,
    created_at: i64,
    updated_at: i64,
}

impl FunctionRow {
    pub(crate) fn into_domain(self) -> StoreResult<Function> {
        let kind = self.kind.parse().map_err(|_| StoreError::Inconsistent {
            table: "function",
            column: "type",
            row: self.id.clone(),
            reason: "it is none of filter, pipe, action".to_owned(),
        })?;
        Ok(Function {
            meta: json("function", "meta", &self.id, &self.meta)?,
            id: self.id.into(),
            owner: self.user_id.into(),
            name: self.name,
            kind,
            content: self.content,
            is_active: self.is_active,
            is_global: self.is_global,
            created_at: Timestamp::from_seconds(self.created_at),
            updated_at: Timestamp::from_seconds(self.updated_at),
        })
    }
}

/// A row of `prompt`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::prompt)]
pub(crate) struct PromptRow {
    command: String,
    user_id: String,
    title: String,
    content: String,
    timestamp: i64,
    access_control: Option<Value>,
}

impl From<PromptRow> for Prompt {
    fn from(row: PromptRow) -> Self {
        Self {
            command: row.command,
            owner: row.user_id.into(),
            title: row.title,
            content: row.content,
            updated_at: Timestamp::from_seconds(row.timestamp),
            access_control: some(row.access_control),
        }
    }
}

/// A row of `knowledge`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::knowledge)]
pub(crate) struct KnowledgeRow {
    id: String,
    user_id: String,
    name: String,
    description: Option<String>,
    meta: Option<Value>,
    access_control: Option<Value>,
    created_at: i64,
    updated_at: Option<i64>,
}

impl From<KnowledgeRow> for Knowledge {
    fn from(row: KnowledgeRow) -> Self {
        Self {
            id: row.id.into(),
            owner: row.user_id.into(),
            name: row.name,
            description: row.description,
            meta: some(row.meta),
            access_control: some(row.access_control),
            created_at: Timestamp::from_seconds(row.created_at),
            updated_at: Timestamp::from_seconds(row.updated_at.unwrap_or(row.created_at)),
        }
    }
}

/// A row of `file`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::file)]
pub(crate) struct FileRow {
    id: String,
    user_id: String,
    filename: String,
    hash: Option<String>,
    path: Option<String>,
    data: Option<Value>,
    meta: Option<Value>,
    access_control: Option<Value>,
    created_at: i64,
    updated_at: Option<i64>,
}

impl From<FileRow> for File {
    fn from(row: FileRow) -> Self {
        Self {
            id: row.id.into(),
            owner: row.user_id.into(),
            filename: row.filename,
            hash: row.hash,
            path: row.path,
            data: some(row.data),
            meta: some(row.meta),
            access_control: some(row.access_control),
            created_at: Timestamp::from_seconds(row.created_at),
            updated_at: Timestamp::from_seconds(row.updated_at.unwrap_or(row.created_at)),
        }
    }
}
