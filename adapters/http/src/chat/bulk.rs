use std::sync::Arc;

use keelson_application::chat::{ChatStats, Chats, ImportChat};
use keelson_domain::folder::FolderId;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::{Value, json};

use super::dto;
use crate::body::Body;
use crate::caller::{Admin, VerifiedUser};
use crate::error::ApiResult;
use crate::json::JsonObject;

/// Operations on all chats of somebody.
pub struct ChatBulkApi {
    /// The use cases.
    pub chats: Arc<Chats>,
}

/// A chat from elsewhere.
#[derive(Object)]
struct ChatImportForm {
    chat: JsonObject,
    folder_id: Option<String>,
    meta: Option<JsonObject>,
    pinned: Option<bool>,
    created_at: Option<i64>,
    updated_at: Option<i64>,
}

/// Chats from elsewhere.
#[derive(Object)]
struct ChatsImportForm {
    chats: Vec<ChatImportForm>,
}

impl From<ChatImportForm> for ImportChat {
    fn from(form: ChatImportForm) -> Self {
        Self {
            body: form.chat.0,
            meta: form.meta.unwrap_or_default().0,
            pinned: form.pinned.unwrap_or(false),
            folder: form.folder_id.map(FolderId::new),
            created_at: form.created_at,
            updated_at: form.updated_at,
        }
    }
}

fn numbers(stats: &ChatStats) -> Value {
    json!({
        "id": stats.chat.id,
        "models": stats.models,
        "message_count": stats.messages,
        "history_models": stats.all_models,
        "history_message_count": stats.all_messages,
        "history_user_message_count": stats.questions,
        "history_assistant_message_count": stats.answers,
        "average_response_time": stats.seconds_to_answer,
        "average_user_message_content_length": stats.question_length,
        "average_assistant_message_content_length": stats.answer_length,
        "tags": stats.tags,
        "last_message_at": stats.last_message_at,
        "updated_at": stats.chat.updated_at.seconds(),
        "created_at": stats.chat.created_at.seconds(),
    })
}

#[OpenApi]
impl ChatBulkApi {
    /// Deletes all of one's chats.
    #[oai(path = "/api/v1/chats/", method = "delete")]
    async fn delete_all(&self, caller: VerifiedUser) -> ApiResult<Json<bool>> {
        self.chats.delete_all(&caller.0).await?;
        Ok(Json(true))
    }

    /// Takes chats over from elsewhere.
    #[oai(path = "/api/v1/chats/import", method = "post")]
    async fn import(&self, caller: VerifiedUser, body: Body<ChatsImportForm>) -> ApiResult<Json<Value>> {
        let imports = body.0.chats.into_iter().map(ImportChat::from).collect();
        Ok(Json(dto::fulls(&self.chats.import(&caller.0, imports).await?)))
    }

    /// Everything that one has.
    #[oai(path = "/api/v1/chats/all", method = "get")]
    async fn all(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        Ok(Json(dto::fulls(&self.chats.all(&caller.0).await?)))
    }

    /// Everything that one put away.
    #[oai(path = "/api/v1/chats/all/archived", method = "get")]
    async fn all_archived(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        Ok(Json(dto::fulls(&self.chats.all_archived(&caller.0).await?)))
    }

    /// Every chat of everyone.
    #[oai(path = "/api/v1/chats/all/db", method = "get")]
    async fn export_all(&self, admin: Admin) -> ApiResult<Json<Value>> {
        Ok(Json(dto::fulls(&self.chats.export_all(&admin.0).await?)))
    }

    /// Puts all of one's chats away.
    #[oai(path = "/api/v1/chats/archive/all", method = "post")]
    async fn archive_all(&self, caller: VerifiedUser) -> ApiResult<Json<bool>> {
        self.chats.archive_all(&caller.0, true).await?;
        Ok(Json(true))
    }

    /// Brings all of one's chats back.
    #[oai(path = "/api/v1/chats/unarchive/all", method = "post")]
    async fn unarchive_all(&self, caller: VerifiedUser) -> ApiResult<Json<bool>> {
        self.chats.archive_all(&caller.0, false).await?;
        Ok(Json(true))
    }

    /// One's chats in numbers.
    #[oai(path = "/api/v1/chats/stats/usage", method = "get")]
    async fn stats(
        &self,
        caller: VerifiedUser,
        items_per_page: Query<Option<i64>>,
        page: Query<Option<i64>>,
    ) -> ApiResult<Json<Value>> {
        let size = items_per_page.0.unwrap_or(50);
        let (stats, total) = self.chats.stats(&caller.0, page.0.unwrap_or(1), size).await?;
        let items: Vec<Value> = stats.iter().map(numbers).collect();
        Ok(Json(json!({"items": items, "total": total})))
    }
}
