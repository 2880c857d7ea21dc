use std::sync::Arc;

use keelson_application::folder::Folders;
use keelson_domain::folder::FolderId;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{
    FolderDto, FolderForm, FolderIsExpandedForm, FolderListItem, FolderParentIdForm, FolderUpdateForm,
};
use super::error::FolderResult;
use crate::body::Body;
use crate::caller::VerifiedUser;
use crate::param::Flag;

pub(super) struct FolderApi {
    pub(super) folders: Arc<Folders>,
}

#[OpenApi(prefix_path = "/api/v1/folders", tag = "Tag::Folders")]
impl FolderApi {
    /// Lists the caller's folders.
    #[oai(path = "/", method = "get", operation_id = "folders_list")]
    async fn list(&self, caller: VerifiedUser) -> FolderResult<Json<Vec<FolderListItem>>> {
        let folders = self.folders.list(&caller.0).await?;
        Ok(Json(folders.into_iter().map(FolderListItem::from).collect()))
    }

    /// Creates a folder.
    #[oai(path = "/", method = "post", operation_id = "folders_create")]
    async fn create(&self, caller: VerifiedUser, form: Body<FolderForm>) -> FolderResult<Json<FolderDto>> {
        let folder = self.folders.create(&caller.0, form.0.into()).await?;
        Ok(Json(folder.into()))
    }

    /// Reads a folder.
    #[oai(path = "/:id", method = "get", operation_id = "folders_get")]
    async fn get(
        &self,
        caller: VerifiedUser,
        /// The folder.
        id: Path<String>,
    ) -> FolderResult<Json<FolderDto>> {
        let folder = self.folders.get(&caller.0, &FolderId::new(id.0)).await?;
        Ok(Json(folder.into()))
    }

    /// Changes a folder's name, data or meta.
    ///
    /// Fields that are left out stay; data and meta are merged at the top level.
    #[oai(path = "/:id/update", method = "post", operation_id = "folders_update")]
    async fn update(
        &self,
        caller: VerifiedUser,
        /// The folder.
        id: Path<String>,
        form: Body<FolderUpdateForm>,
    ) -> FolderResult<Json<FolderDto>> {
        let id = FolderId::new(id.0);
        let folder = self.folders.update(&caller.0, &id, form.0.into()).await?;
        Ok(Json(folder.into()))
    }

    /// Moves a folder into another, or to the top.
    #[oai(path = "/:id/update/parent", method = "post", operation_id = "folders_move")]
    async fn move_to(
        &self,
        caller: VerifiedUser,
        /// The folder.
        id: Path<String>,
        form: Body<FolderParentIdForm>,
    ) -> FolderResult<Json<FolderDto>> {
        let (id, parent) = (FolderId::new(id.0), form.0.parent_id.map(FolderId::new));
        let folder = self.folders.move_to(&caller.0, &id, parent).await?;
        Ok(Json(folder.into()))
    }

    /// Expands or collapses a folder in the list.
    #[oai(
        path = "/:id/update/expanded",
        method = "post",
        operation_id = "folders_expand"
    )]
    async fn expand(
        &self,
        caller: VerifiedUser,
        /// The folder.
        id: Path<String>,
        form: Body<FolderIsExpandedForm>,
    ) -> FolderResult<Json<FolderDto>> {
        let id = FolderId::new(id.0);
        let folder = self.folders.expand(&caller.0, &id, form.0.is_expanded).await?;
        Ok(Json(folder.into()))
    }

    /// Deletes a folder and all below it.
    #[oai(path = "/:id", method = "delete", operation_id = "folders_delete")]
    async fn delete(
        &self,
        caller: VerifiedUser,
        /// The folder.
        id: Path<String>,
        /// Whether the chats in it are deleted too (the default) or moved out of any folder.
        delete_contents: Query<Option<Flag>>,
    ) -> FolderResult<Json<bool>> {
        let with_chats = delete_contents.0.is_none_or(bool::from);
        self.folders
            .delete(&caller.0, &FolderId::new(id.0), with_chats)
            .await?;
        Ok(Json(true))
    }
}
