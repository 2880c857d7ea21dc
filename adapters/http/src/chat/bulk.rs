use std::sync::Arc;

use keelson_application::chat::{Chats, ImportChat};
use keelson_domain::chat::Chat;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{ChatDto, ChatUsage, ChatUsagePage, ChatsImportForm};
use super::error::ChatResult;
use crate::body::Body;
use crate::caller::{Admin, VerifiedUser};

pub(super) struct ChatBulkApi {
    pub(super) chats: Arc<Chats>,
}

pub(super) fn answer(chats: Vec<Chat>) -> Json<Vec<ChatDto>> {
    Json(chats.into_iter().map(ChatDto::from).collect())
}

#[OpenApi(prefix_path = "/api/v1/chats", tag = "Tag::Chats")]
impl ChatBulkApi {
    /// Deletes all of the caller's chats.
    #[oai(path = "/", method = "delete", operation_id = "chats_delete_all")]
    async fn delete_all(&self, caller: VerifiedUser) -> ChatResult<Json<bool>> {
        self.chats.delete_all(&caller.0).await?;
        Ok(Json(true))
    }

    /// Imports chats, all or none.
    #[oai(path = "/import", method = "post", operation_id = "chats_import")]
    async fn import(
        &self,
        caller: VerifiedUser,
        form: Body<ChatsImportForm>,
    ) -> ChatResult<Json<Vec<ChatDto>>> {
        let imports = form.0.chats.into_iter().map(ImportChat::from).collect();
        Ok(answer(self.chats.import(&caller.0, imports).await?))
    }

    /// Exports all of the caller's chats.
    #[oai(path = "/all", method = "get", operation_id = "chats_export")]
    async fn export(&self, caller: VerifiedUser) -> ChatResult<Json<Vec<ChatDto>>> {
        Ok(answer(self.chats.all(&caller.0).await?))
    }

    /// Exports the caller's archived chats.
    #[oai(
        path = "/all/archived",
        method = "get",
        operation_id = "chats_export_archived"
    )]
    async fn export_archived(&self, caller: VerifiedUser) -> ChatResult<Json<Vec<ChatDto>>> {
        Ok(answer(self.chats.all_archived(&caller.0).await?))
    }

    /// Exports the chats of all users.
    #[oai(path = "/all/db", method = "get", operation_id = "chats_export_all")]
    async fn export_all(&self, admin: Admin) -> ChatResult<Json<Vec<ChatDto>>> {
        Ok(answer(self.chats.export_all(&admin.0).await?))
    }

    /// Archives all of the caller's chats.
    #[oai(path = "/archive/all", method = "post", operation_id = "chats_archive_all")]
    async fn archive_all(&self, caller: VerifiedUser) -> ChatResult<Json<bool>> {
        self.chats.archive_all(&caller.0, true).await?;
        Ok(Json(true))
    }

    /// Brings all of the caller's archived chats back.
    #[oai(
        path = "/unarchive/all",
        method = "post",
        operation_id = "chats_unarchive_all"
    )]
    async fn unarchive_all(&self, caller: VerifiedUser) -> ChatResult<Json<bool>> {
        self.chats.archive_all(&caller.0, false).await?;
        Ok(Json(true))
    }

    /// Counts messages, models and times of the caller's chats.
    #[oai(path = "/stats/usage", method = "get", operation_id = "chats_get_usage")]
    async fn usage(
        &self,
        caller: VerifiedUser,
        /// How many chats a page holds; 50 when it is left out.
        items_per_page: Query<Option<i64>>,
        /// The page, from 1.
        page: Query<Option<i64>>,
    ) -> ChatResult<Json<ChatUsagePage>> {
        let (page, size) = (page.0.unwrap_or(1), items_per_page.0.unwrap_or(50));
        let (stats, total) = self.chats.stats(&caller.0, page, size).await?;
        let items = stats.into_iter().map(ChatUsage::from).collect();
        Ok(Json(ChatUsagePage { items, total }))
    }
}
