use keelson_application::folder::{NewFolder, UpdateFolder};
use keelson_domain::folder::{Folder, FolderId};
use poem_openapi::Object;

use crate::json::{Column, Free, Nullable};

/// What chats in a folder start with.
pub(super) struct FolderData;

impl Column for FolderData {
    const NAME: &'static str = "FolderData";
    const DESCRIPTION: &'static str = "What chats in the folder start with: a system prompt, files.";
}

/// How a folder looks.
pub(super) struct FolderMeta;

impl Column for FolderMeta {
    const NAME: &'static str = "FolderMeta";
    const DESCRIPTION: &'static str = "How the folder looks, such as its icon; clients write what they show.";
}

/// What old clients kept in a folder.
pub(super) struct FolderItems;

impl Column for FolderItems {
    const NAME: &'static str = "FolderItems";
    const DESCRIPTION: &'static str = "What old clients kept in the folder; nothing writes it any more.";
}

/// A folder of chats.
#[derive(Object)]
#[oai(rename = "Folder")]
pub(super) struct FolderDto {
    /// Identity.
    id: String,
    /// The folder that it lies in; null at the top.
    parent_id: Nullable<String>,
    /// Whose it is.
    user_id: String,
    /// Name.
    name: String,
    items: Nullable<Free<FolderItems>>,
    meta: Nullable<Free<FolderMeta>>,
    data: Nullable<Free<FolderData>>,
    /// Whether the list shows what is in it.
    is_expanded: bool,
    /// When it was made, in seconds since 1970.
    created_at: i64,
    /// When it was last changed, in seconds since 1970.
    updated_at: i64,
}

impl From<Folder> for FolderDto {
    fn from(folder: Folder) -> Self {
        Self {
            id: folder.id.into_string(),
            parent_id: folder.parent.map(FolderId::into_string).into(),
            user_id: folder.owner.into_string(),
            name: folder.name,
            items: folder.items.map(Free::from).into(),
            meta: folder.meta.map(Free::from).into(),
            data: folder.data.map(Free::from).into(),
            is_expanded: folder.is_expanded,
            created_at: folder.created_at.seconds(),
            updated_at: folder.updated_at.seconds(),
        }
    }
}

/// A folder in the list.
#[derive(Object)]
pub(super) struct FolderListItem {
    /// Identity.
    id: String,
    /// Name.
    name: String,
    meta: Nullable<Free<FolderMeta>>,
    /// The folder that it lies in; null at the top.
    parent_id: Nullable<String>,
    /// Whether the list shows what is in it.
    is_expanded: bool,
    /// When it was made, in seconds since 1970.
    created_at: i64,
    /// When it was last changed, in seconds since 1970.
    updated_at: i64,
}

impl From<Folder> for FolderListItem {
    fn from(folder: Folder) -> Self {
        Self {
            id: folder.id.into_string(),
            name: folder.name,
            meta: folder.meta.map(Free::from).into(),
            parent_id: folder.parent.map(FolderId::into_string).into(),
            is_expanded: folder.is_expanded,
            created_at: folder.created_at.seconds(),
            updated_at: folder.updated_at.seconds(),
        }
    }
}

/// A folder to be made.
#[derive(Object)]
pub(super) struct FolderForm {
    /// Name; no folder beside it may bear it.
    #[oai(validator(max_length = 1000))]
    name: String,
    data: Option<Free<FolderData>>,
    meta: Option<Free<FolderMeta>>,
    /// The folder that it will lie in; none for the top.
    parent_id: Option<String>,
}

impl From<FolderForm> for NewFolder {
    fn from(form: FolderForm) -> Self {
        Self {
            name: form.name,
            parent: form.parent_id.map(FolderId::new),
            data: form.data.map(Free::into_value),
            meta: form.meta.map(Free::into_value),
        }
    }
}

/// What changes in a folder; what is left out stays.
#[derive(Object)]
pub(super) struct FolderUpdateForm {
    /// Name.
    #[oai(validator(max_length = 1000))]
    name: Option<String>,
    data: Option<Free<FolderData>>,
    meta: Option<Free<FolderMeta>>,
}

impl From<FolderUpdateForm> for UpdateFolder {
    fn from(form: FolderUpdateForm) -> Self {
        Self {
            name: form.name,
            data: form.data.map(Free::into_fields),
            meta: form.meta.map(Free::into_fields),
        }
    }
}

/// Where a folder goes.
#[derive(Object)]
pub(super) struct FolderParentIdForm {
    /// The folder that it will lie in; null for the top.
    pub(super) parent_id: Option<String>,
}

/// Whether the list shows what is in a folder.
#[derive(Object)]
pub(super) struct FolderIsExpandedForm {
    /// Whether it does.
    pub(super) is_expanded: bool,
}
