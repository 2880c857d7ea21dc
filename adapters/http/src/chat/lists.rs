use std::sync::Arc;

use keelson_application::chat::{Chats, ListOrder};
use keelson_domain::chat::ChatOrder;
use keelson_domain::folder::FolderId;
use keelson_domain::user::UserId;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use serde_json::{Value, json};

use super::dto;
use crate::caller::{Admin, VerifiedUser};
use crate::error::ApiResult;
use crate::param::Flag;

/// Lists of chats.
pub struct ChatListApi {
    /// The use cases.
    pub chats: Arc<Chats>,
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

impl ChatListApi {
    async fn main_list(
        &self,
        caller: &VerifiedUser,
        page: Option<i64>,
        pinned: Option<bool>,
        folders: Option<bool>,
    ) -> ApiResult<Json<Value>> {
        let (pinned, folders) = (pinned.unwrap_or(false), folders.unwrap_or(false));
        let chats = self.chats.list(&caller.0, page, pinned, folders).await?;
        Ok(Json(dto::lines(&chats)))
    }
}

#[OpenApi]
impl ChatListApi {
    /// One's chats, newest change first.
    #[oai(path = "/api/v1/chats/", method = "get")]
    async fn root(
        &self,
        caller: VerifiedUser,
        page: Query<Option<i64>>,
        include_pinned: Query<Option<Flag>>,
        include_folders: Query<Option<Flag>>,
    ) -> ApiResult<Json<Value>> {
        self.main_list(
            &caller,
            page.0,
            include_pinned.0.map(bool::from),
            include_folders.0.map(bool::from),
        )
        .await
    }

    /// The same under its other name.
    #[oai(path = "/api/v1/chats/list", method = "get")]
    async fn list(
        &self,
        caller: VerifiedUser,
        page: Query<Option<i64>>,
        include_pinned: Query<Option<Flag>>,
        include_folders: Query<Option<Flag>>,
    ) -> ApiResult<Json<Value>> {
        self.main_list(
            &caller,
            page.0,
            include_pinned.0.map(bool::from),
            include_folders.0.map(bool::from),
        )
        .await
    }

    /// What stands on top.
    #[oai(path = "/api/v1/chats/pinned", method = "get")]
    async fn pinned(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        Ok(Json(dto::lines(&self.chats.pinned(&caller.0).await?)))
    }

    /// What was put away.
    #[oai(path = "/api/v1/chats/archived", method = "get")]
    async fn archived(
        &self,
        caller: VerifiedUser,
        page: Query<Option<i64>>,
        query: Query<Option<String>>,
        order_by: Query<Option<String>>,
        direction: Query<Option<String>>,
    ) -> ApiResult<Json<Value>> {
        let order = order(query.0, order_by.0.as_deref(), direction.0.as_deref());
        let chats = self.chats.archived(&caller.0, page.0.unwrap_or(1), order).await?;
        Ok(Json(dto::lines(&chats)))
    }

    /// Another user's chats.
    #[oai(path = "/api/v1/chats/list/user/:user_id", method = "get")]
    async fn of_user(
        &self,
        admin: Admin,
        user_id: Path<String>,
        page: Query<Option<i64>>,
        query: Query<Option<String>>,
        order_by: Query<Option<String>>,
        direction: Query<Option<String>>,
    ) -> ApiResult<Json<Value>> {
        let order = order(query.0, order_by.0.as_deref(), direction.0.as_deref());
        let user = UserId::new(user_id.0);
        let chats = self
            .chats
            .of_user(&admin.0, &user, page.0.unwrap_or(1), order)
            .await?;
        Ok(Json(dto::lines(&chats)))
    }

    /// Finds chats.
    #[oai(path = "/api/v1/chats/search", method = "get")]
    async fn search(
        &self,
        caller: VerifiedUser,
        text: Query<String>,
        page: Query<Option<i64>>,
    ) -> ApiResult<Json<Value>> {
        let chats = self.chats.search(&caller.0, &text.0, page.0.unwrap_or(1)).await?;
        Ok(Json(dto::lines(&chats)))
    }

    /// The whole chats in a folder and below it.
    #[oai(path = "/api/v1/chats/folder/:folder_id", method = "get")]
    async fn in_folder(&self, caller: VerifiedUser, folder_id: Path<String>) -> ApiResult<Json<Value>> {
        let chats = self
            .chats
            .in_folder(&caller.0, &FolderId::new(folder_id.0))
            .await?;
        Ok(Json(dto::fulls(&chats)))
    }

    /// A page of the chats in a folder.
    #[oai(path = "/api/v1/chats/folder/:folder_id/list", method = "get")]
    async fn folder_page(
        &self,
        caller: VerifiedUser,
        folder_id: Path<String>,
        page: Query<Option<i64>>,
    ) -> ApiResult<Json<Value>> {
        let folder = FolderId::new(folder_id.0);
        let chats = self
            .chats
            .folder_page(&caller.0, &folder, page.0.unwrap_or(1))
            .await?;
        Ok(Json(
            chats
                .iter()
                .map(|chat| json!({"id": chat.id, "title": chat.title, "updated_at": chat.updated_at.seconds()}))
                .collect(),
        ))
    }
}
