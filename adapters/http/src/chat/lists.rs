use std::sync::Arc;

use keelson_application::chat::{Chats, ListOrder};
use keelson_domain::chat::{ChatOrder, ChatSummary};
use keelson_domain::folder::FolderId;
use keelson_domain::user::UserId;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;

use super::Tag;
use super::bulk;
use super::dto::{ChatDto, ChatListItem, FolderChatListItem};
use super::error::ChatResult;
use crate::caller::{Admin, VerifiedUser};
use crate::param::Flag;

pub(super) struct ChatListApi {
    pub(super) chats: Arc<Chats>,
}

fn order(query: Option<String>, order_by: Option<&str>, direction: Option<&str>) -> ListOrder {
    ListOrder {
        title: query,
        order: match order_by {
            Some("title") => ChatOrder::Title,
            Some("created_at") => ChatOrder::CreatedAt,
            _ => ChatOrder::UpdatedAt,
        },
        ascending: direction.is_some_and(|direction| direction.eq_ignore_ascii_case("asc")),
    }
}

fn answer(chats: Vec<ChatSummary>) -> Json<Vec<ChatListItem>> {
    Json(chats.into_iter().map(ChatListItem::from).collect())
}

impl ChatListApi {
    async fn main_list(
        &self,
        caller: &VerifiedUser,
        page: Option<i64>,
        pinned: Option<Flag>,
        folders: Option<Flag>,
    ) -> ChatResult<Json<Vec<ChatListItem>>> {
        let (pinned, folders) = (pinned.is_some_and(bool::from), folders.is_some_and(bool::from));
        Ok(answer(self.chats.list(&caller.0, page, pinned, folders).await?))
    }
}

#[OpenApi(prefix_path = "/api/v1/chats", tag = "Tag::Chats")]
impl ChatListApi {
    /// Lists the caller's chats, the last changed first.
    #[oai(path = "/", method = "get", operation_id = "chats_list")]
    async fn list(
        &self,
        caller: VerifiedUser,
        /// The page, from 1; all chats when it is left out.
        page: Query<Option<i64>>,
        /// Whether pinned chats are listed too.
        include_pinned: Query<Option<Flag>>,
        /// Whether chats in folders are listed too.
        include_folders: Query<Option<Flag>>,
    ) -> ChatResult<Json<Vec<ChatListItem>>> {
        self.main_list(&caller, page.0, include_pinned.0, include_folders.0)
            .await
    }

    /// Lists the caller's chats, the last changed first, as `GET /api/v1/chats/` does.
    #[oai(path = "/list", method = "get", operation_id = "chats_list_alias")]
    async fn list_alias(
        &self,
        caller: VerifiedUser,
        /// The page, from 1; all chats when it is left out.
        page: Query<Option<i64>>,
        /// Whether pinned chats are listed too.
        include_pinned: Query<Option<Flag>>,
        /// Whether chats in folders are listed too.
        include_folders: Query<Option<Flag>>,
    ) -> ChatResult<Json<Vec<ChatListItem>>> {
        self.main_list(&caller, page.0, include_pinned.0, include_folders.0)
            .await
    }

    /// Lists the caller's pinned chats.
    #[oai(path = "/pinned", method = "get", operation_id = "chats_list_pinned")]
    async fn pinned(&self, caller: VerifiedUser) -> ChatResult<Json<Vec<ChatListItem>>> {
        Ok(answer(self.chats.pinned(&caller.0).await?))
    }

    /// Lists the caller's archived chats.
    #[oai(path = "/archived", method = "get", operation_id = "chats_list_archived")]
    async fn archived(
        &self,
        caller: VerifiedUser,
        /// The page, from 1.
        page: Query<Option<i64>>,
        /// Text in the title, whatever its case.
        query: Query<Option<String>>,
        /// `title`, `created_at` or `updated_at` (the default).
        order_by: Query<Option<String>>,
        /// `asc` or `desc` (the default).
        direction: Query<Option<String>>,
    ) -> ChatResult<Json<Vec<ChatListItem>>> {
        let order = order(query.0, order_by.0.as_deref(), direction.0.as_deref());
        let page = page.0.unwrap_or(1);
        Ok(answer(self.chats.archived(&caller.0, page, order).await?))
    }

    /// Lists another user's chats, for admins.
    #[oai(
        path = "/list/user/:user_id",
        method = "get",
        operation_id = "chats_list_of_user"
    )]
    async fn of_user(
        &self,
        admin: Admin,
        /// The user.
        user_id: Path<String>,
        /// The page, from 1.
        page: Query<Option<i64>>,
        /// Text in the title, whatever its case.
        query: Query<Option<String>>,
        /// `title`, `created_at` or `updated_at` (the default).
        order_by: Query<Option<String>>,
        /// `asc` or `desc` (the default).
        direction: Query<Option<String>>,
    ) -> ChatResult<Json<Vec<ChatListItem>>> {
        let order = order(query.0, order_by.0.as_deref(), direction.0.as_deref());
        let (user, page) = (UserId::new(user_id.0), page.0.unwrap_or(1));
        Ok(answer(self.chats.of_user(&admin.0, &user, page, order).await?))
    }

    /// Searches the caller's chats.
    #[oai(path = "/search", method = "get", operation_id = "chats_search")]
    async fn search(
        &self,
        caller: VerifiedUser,
        /// Words in titles and messages, and filters: `tag:`, `folder:`, `pinned:`, `archived:`, `shared:`.
        text: Query<String>,
        /// The page, from 1.
        page: Query<Option<i64>>,
    ) -> ChatResult<Json<Vec<ChatListItem>>> {
        let page = page.0.unwrap_or(1);
        Ok(answer(self.chats.search(&caller.0, &text.0, page).await?))
    }

    /// Reads the chats in a folder and in all below it.
    #[oai(
        path = "/folder/:folder_id",
        method = "get",
        operation_id = "chats_get_in_folder"
    )]
    async fn in_folder(
        &self,
        caller: VerifiedUser,
        /// The folder.
        folder_id: Path<String>,
    ) -> ChatResult<Json<Vec<ChatDto>>> {
        let folder = FolderId::new(folder_id.0);
        Ok(bulk::answer(self.chats.in_folder(&caller.0, &folder).await?))
    }

    /// Lists the chats in a folder.
    #[oai(
        path = "/folder/:folder_id/list",
        method = "get",
        operation_id = "chats_list_in_folder"
    )]
    async fn list_in_folder(
        &self,
        caller: VerifiedUser,
        /// The folder.
        folder_id: Path<String>,
        /// The page, from 1.
        page: Query<Option<i64>>,
    ) -> ChatResult<Json<Vec<FolderChatListItem>>> {
        let (folder, page) = (FolderId::new(folder_id.0), page.0.unwrap_or(1));
        let chats = self.chats.folder_page(&caller.0, &folder, page).await?;
        Ok(Json(chats.into_iter().map(FolderChatListItem::from).collect()))
    }
}
