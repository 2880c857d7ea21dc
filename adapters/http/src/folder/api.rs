use std::sync::Arc;

use keelson_application::folder::{Folders, NewFolder, UpdateFolder};
use keelson_domain::folder::{Folder, FolderId};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::{Value, json};

use crate::body::Body;
use crate::caller::VerifiedUser;
use crate::error::ApiResult;
use crate::json::JsonObject;
use crate::param::Flag;

/// Operations on folders.
pub struct FolderApi {
    /// The use cases.
    pub folders: Arc<Folders>,
}

/// A folder to be made.
#[derive(Object)]
struct FolderForm {
    name: String,
    data: Option<JsonObject>,
    meta: Option<JsonObject>,
    parent_id: Option<String>,
}

/// What changes in a folder.
#[derive(Object)]
struct FolderUpdateForm {
    name: Option<String>,
    data: Option<JsonObject>,
    meta: Option<JsonObject>,
}

/// Where a folder goes.
#[derive(Object)]
struct FolderParentIdForm {
    parent_id: Option<String>,
}

/// Whether the list shows what is in a folder.
#[derive(Object)]
struct FolderIsExpandedForm {
    is_expanded: bool,
}

fn full(folder: &Folder) -> Value {
    json!({
        "id": folder.id,
        "parent_id": folder.parent,
        "user_id": folder.owner,
        "name": folder.name,
        "items": folder.items,
        "meta": folder.meta,
        "data": folder.data,
        "is_expanded": folder.is_expanded,
        "created_at": folder.created_at.seconds(),
        "updated_at": folder.updated_at.seconds(),
    })
}

fn line(folder: &Folder) -> Value {
    json!({
        "id": folder.id,
        "name": folder.name,
        "meta": folder.meta,
        "parent_id": folder.parent,
        "is_expanded": folder.is_expanded,
        "created_at": folder.created_at.seconds(),
        "updated_at": folder.updated_at.seconds(),
    })
}

#[OpenApi]
impl FolderApi {
    /// One's folders.
    #[oai(path = "/api/v1/folders/", method = "get")]
    async fn list(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        Ok(Json(
            self.folders.list(&caller.0).await?.iter().map(line).collect(),
        ))
    }

    /// Makes a folder.
    #[oai(path = "/api/v1/folders/", method = "post")]
    async fn create(&self, caller: VerifiedUser, body: Body<FolderForm>) -> ApiResult<Json<Value>> {
        let new = NewFolder {
            name: body.0.name,
            parent: body.0.parent_id.map(FolderId::new),
            data: body.0.data.map(|data| Value::Object(data.0)),
            meta: body.0.meta.map(|meta| Value::Object(meta.0)),
        };
        Ok(Json(full(&self.folders.create(&caller.0, new).await?)))
    }

    /// One folder.
    #[oai(path = "/api/v1/folders/:id", method = "get")]
    async fn get(&self, caller: VerifiedUser, id: Path<String>) -> ApiResult<Json<Value>> {
        Ok(Json(full(
            &self.folders.get(&caller.0, &FolderId::new(id.0)).await?,
        )))
    }

    /// Changes a folder.
    #[oai(path = "/api/v1/folders/:id/update", method = "post")]
    async fn update(
        &self,
        caller: VerifiedUser,
        id: Path<String>,
        body: Body<FolderUpdateForm>,
    ) -> ApiResult<Json<Value>> {
        let update = UpdateFolder {
            name: body.0.name,
            data: body.0.data.map(|data| data.0),
            meta: body.0.meta.map(|meta| meta.0),
        };
        Ok(Json(full(
            &self
                .folders
                .update(&caller.0, &FolderId::new(id.0), update)
                .await?,
        )))
    }

    /// Moves a folder.
    #[oai(path = "/api/v1/folders/:id/update/parent", method = "post")]
    async fn move_to(
        &self,
        caller: VerifiedUser,
        id: Path<String>,
        body: Body<FolderParentIdForm>,
    ) -> ApiResult<Json<Value>> {
        let parent = body.0.parent_id.map(FolderId::new);
        Ok(Json(full(
            &self
                .folders
                .move_to(&caller.0, &FolderId::new(id.0), parent)
                .await?,
        )))
    }

    /// Shows or hides what is in a folder.
    #[oai(path = "/api/v1/folders/:id/update/expanded", method = "post")]
    async fn expand(
        &self,
        caller: VerifiedUser,
        id: Path<String>,
        body: Body<FolderIsExpandedForm>,
    ) -> ApiResult<Json<Value>> {
        let (id, expanded) = (FolderId::new(id.0), body.0.is_expanded);
        Ok(Json(full(&self.folders.expand(&caller.0, &id, expanded).await?)))
    }

    /// Deletes a folder and all below it, with the chats in it unless they are to be kept.
    #[oai(path = "/api/v1/folders/:id", method = "delete")]
    async fn delete(
        &self,
        caller: VerifiedUser,
        id: Path<String>,
        delete_contents: Query<Option<Flag>>,
    ) -> ApiResult<Json<bool>> {
        let with_chats = delete_contents.0.map(bool::from).unwrap_or(true);
        self.folders
            .delete(&caller.0, &FolderId::new(id.0), with_chats)
            .await?;
        Ok(Json(true))
    }
}
