use std::sync::Arc;

use keelson_application::auth::Auth;
use keelson_application::user::{SetStatus, Users};
use keelson_domain::config::table;
use keelson_domain::user::UserId;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::{Value, json};

use super::dto;
use crate::body::Body;
use crate::caller::VerifiedUser;
use crate::error::ApiResult;
use crate::json::{Extra, JsonObject};

/// Operations of users about themselves and others.
pub struct UserApi {
    /// The use cases.
    pub users: Arc<Users>,
    /// Permissions.
    pub auth: Arc<Auth>,
}

/// Front-end settings.
#[derive(Object)]
struct UserSettings {
    ui: Option<JsonObject>,
    #[oai(flatten)]
    extra: Extra,
}

/// A status line.
#[derive(Object)]
struct UserStatus {
    status_emoji: Option<String>,
    status_message: Option<String>,
    status_expires_at: Option<i64>,
}

#[OpenApi]
impl UserApi {
    /// One's groups.
    #[oai(path = "/api/v1/users/groups", method = "get")]
    async fn groups(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        let groups = self.users.groups(caller.0.id()).await?;
        Ok(Json(groups.iter().map(dto::group).collect()))
    }

    /// What one may do.
    #[oai(path = "/api/v1/users/permissions", method = "get")]
    async fn permissions(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        Ok(Json(
            self.auth.permissions(&caller.0.user).await?.as_json().clone(),
        ))
    }

    /// Finds users by name or address.
    #[oai(path = "/api/v1/users/search", method = "get")]
    async fn search(
        &self,
        _caller: VerifiedUser,
        query: Query<Option<String>>,
        order_by: Query<Option<String>>,
        direction: Query<Option<String>>,
        page: Query<Option<i64>>,
    ) -> ApiResult<Json<Value>> {
        let query = super::admin::query(query.0, order_by.0.as_deref(), direction.0.as_deref());
        let (users, total) = self.users.page(page.0.unwrap_or(1), query).await?;
        let mut found = Vec::with_capacity(users.len());
        for user in &users {
            let mut entry = dto::brief(user);
            entry["is_active"] = json!(self.users.is_active(&user.id).await?);
            found.push(entry);
        }
        Ok(Json(json!({"users": found, "total": total})))
    }

    /// One's front-end settings.
    #[oai(path = "/api/v1/users/user/settings", method = "get")]
    async fn settings(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        Ok(Json(json!(self.users.me(&caller.0).await?.settings)))
    }

    /// Merges into one's front-end settings.
    #[oai(path = "/api/v1/users/user/settings/update", method = "post")]
    async fn update_settings(
        &self,
        caller: VerifiedUser,
        body: Body<UserSettings>,
    ) -> ApiResult<Json<Value>> {
        let mut fields = body.0.extra.0;
        fields.insert("ui".to_owned(), Value::Object(body.0.ui.unwrap_or_default().0));
        Ok(Json(self.users.update_settings(&caller.0, fields).await?))
    }

    /// Facts about oneself.
    #[oai(path = "/api/v1/users/user/info", method = "get")]
    async fn info(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        Ok(Json(json!(self.users.me(&caller.0).await?.info)))
    }

    /// Merges into the facts about oneself.
    #[oai(path = "/api/v1/users/user/info/update", method = "post")]
    async fn update_info(&self, caller: VerifiedUser, body: Body<JsonObject>) -> ApiResult<Json<Value>> {
        Ok(Json(self.users.update_info(&caller.0, body.0.0).await?))
    }

    /// Oneself, with the status line.
    #[oai(path = "/api/v1/users/user/status", method = "get")]
    async fn status(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        Ok(Json(dto::full(&self.users.me(&caller.0).await?)))
    }

    /// Sets one's status line.
    #[oai(path = "/api/v1/users/user/status/update", method = "post")]
    async fn set_status(&self, caller: VerifiedUser, body: Body<UserStatus>) -> ApiResult<Json<Value>> {
        let status = SetStatus {
            emoji: body.0.status_emoji,
            message: body.0.status_message,
            expires_at: body.0.status_expires_at,
        };
        Ok(Json(dto::full(&self.users.set_status(&caller.0, status).await?)))
    }

    /// One user, with groups. Others see the public part only, unless they are admins.
    #[oai(path = "/api/v1/users/:user_id", method = "get")]
    async fn get(&self, caller: VerifiedUser, user_id: Path<String>) -> ApiResult<Json<Value>> {
        let id = UserId::new(user_id.0);
        let user = self.users.get(&id).await?;
        let groups = self.users.groups(&id).await?;
        let mut answer = dto::full(&user);
        if !self.users.sees_private(&caller.0, &id).await? {
            for private in ["settings", "info", "oauth"] {
                answer[private] = Value::Null;
            }
        }
        answer["groups"] = groups.iter().map(dto::group_name).collect();
        answer["is_active"] = json!(self.users.is_active(&id).await?);
        Ok(Json(answer))
    }

    /// Whether someone is there.
    #[oai(path = "/api/v1/users/:user_id/active", method = "get")]
    async fn active(&self, _caller: VerifiedUser, user_id: Path<String>) -> ApiResult<Json<Value>> {
        Ok(Json(
            json!({"active": self.users.is_active(&UserId::new(user_id.0)).await?}),
        ))
    }

    /// What new accounts may do.
    #[oai(path = "/api/v1/users/default/permissions", method = "get")]
    async fn default_permissions(&self, _admin: crate::caller::Admin) -> Json<Value> {
        Json(
            self.auth
                .settings()
                .current()
                .get(&table::USER_PERMISSIONS)
                .clone(),
        )
    }

    /// Sets what new accounts may do.
    #[oai(path = "/api/v1/users/default/permissions", method = "post")]
    async fn set_default_permissions(
        &self,
        _admin: crate::caller::Admin,
        body: Body<super::permissions::UserPermissions>,
    ) -> ApiResult<Json<Value>> {
        let change = [(table::USER_PERMISSIONS, body.0.into_json())];
        Ok(Json(
            self.auth
                .settings()
                .change(&change)
                .await?
                .get(&table::USER_PERMISSIONS)
                .clone(),
        ))
    }
}
