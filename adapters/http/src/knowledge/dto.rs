use keelson_application::knowledge::ListedKnowledge;
use poem_openapi::Object;

use crate::access::{AccessRulesColumn, Owner};
use crate::json::{Column, Free, Nullable};

/// What clients keep beside the collection.
pub(super) struct KnowledgeMeta;

impl Column for KnowledgeMeta {
    const NAME: &'static str = "KnowledgeMeta";
    const DESCRIPTION: &'static str = "What clients keep beside the collection; nothing here reads it";
}

/// A collection of files.
#[derive(Object)]
#[oai(rename = "Knowledge")]
pub(super) struct KnowledgeDto {
    /// Identity.
    id: String,
    /// Whose it is.
    user_id: String,
    /// Name.
    name: String,
    /// What it is about.
    description: Nullable<String>,
    meta: Nullable<Free<KnowledgeMeta>>,
    access_control: Nullable<Free<AccessRulesColumn>>,
    /// When it was made, in seconds since 1970.
    created_at: i64,
    /// When it was last changed, in seconds since 1970.
    updated_at: i64,
    /// Its owner; null when the account is gone.
    user: Nullable<Owner>,
    /// Whether the caller may change it.
    write_access: bool,
}

impl From<ListedKnowledge> for KnowledgeDto {
    fn from(listed: ListedKnowledge) -> Self {
        let (object, owner) = (listed.collection.object, listed.collection.owner);
        Self {
            id: object.id.into_string(),
            user_id: object.owner.into_string(),
            name: object.name,
            description: object.description.into(),
            meta: object.meta.map(Free::from).into(),
            access_control: object.access_control.map(Free::from).into(),
            created_at: object.created_at.seconds(),
            updated_at: object.updated_at.seconds(),
            user: owner.map(Owner::from).into(),
            write_access: listed.is_writable,
        }
    }
}

/// A page of collections.
#[derive(Object)]
pub(super) struct KnowledgePage {
    /// The collections, the newest change first.
    pub(super) items: Vec<KnowledgeDto>,
    /// How many there are on all pages.
    pub(super) total: i64,
}
