use std::sync::Arc;

use keelson_application::user::{UpdateUser, Users};
use keelson_domain::user::{UnknownRole, User, UserId, UserOrder, UserQuery};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::dto;
use crate::body::Body;
use crate::caller::{Admin, VerifiedUser};
use crate::error::{ApiError, ApiResult};
use crate::picture::{StandIn, picture};
use crate::raw::{Picture, Raw};

/// What admins do with accounts.
pub struct UserAdminApi {
    /// The use cases.
    pub users: Arc<Users>,
}

/// What an admin changes in an account.
#[derive(Object)]
struct UserUpdateForm {
    role: String,
    name: String,
    email: String,
    profile_image_url: String,
    password: Option<String>,
}

/// A question from query parameters; an unknown order is the usual one.
pub(super) fn query(text: Option<String>, order_by: Option<&str>, direction: Option<&str>) -> UserQuery {
    let order = match order_by {
        Some("name") => UserOrder::Name,
        Some("email") => UserOrder::Email,
        Some("last_active_at") => UserOrder::LastActiveAt,
        Some("updated_at") => UserOrder::UpdatedAt,
        Some("role") => UserOrder::Role,
        _ => UserOrder::CreatedAt,
    };
    let descending = match order_by {
        Some(_) => direction != Some("asc"),
        None => true,
    };
    UserQuery {
        text: text.filter(|text| !text.is_empty()),
        order,
        descending,
        ..UserQuery::default()
    }
}

impl UserAdminApi {
    async fn with_groups(&self, user: &User) -> ApiResult<Value> {
        let groups = self.users.groups(&user.id).await?;
        let mut entry = dto::full(user);
        entry["group_ids"] = groups.iter().map(|group| json!(group.id)).collect();
        Ok(entry)
    }
}

#[OpenApi]
impl UserAdminApi {
    /// A page of the accounts.
    #[oai(path = "/api/v1/users/", method = "get")]
    async fn list(
        &self,
        _admin: Admin,
        query: Query<Option<String>>,
        order_by: Query<Option<String>>,
        direction: Query<Option<String>>,
        page: Query<Option<i64>>,
    ) -> ApiResult<Json<Value>> {
        let question = self::query(query.0, order_by.0.as_deref(), direction.0.as_deref());
        let (users, total) = self.users.page(page.0.unwrap_or(1), question).await?;
        let mut entries = Vec::with_capacity(users.len());
        for user in &users {
            entries.push(self.with_groups(user).await?);
        }
        Ok(Json(json!({"users": entries, "total": total})))
    }

    /// All accounts, briefly.
    #[oai(path = "/api/v1/users/all", method = "get")]
    async fn all(&self, _admin: Admin) -> ApiResult<Json<Value>> {
        let (users, total) = self.users.all().await?;
        Ok(Json(
            json!({"users": users.iter().map(dto::brief).collect::<Vec<_>>(), "total": total}),
        ))
    }

    /// An account's groups.
    #[oai(path = "/api/v1/users/:user_id/groups", method = "get")]
    async fn groups(&self, _admin: Admin, user_id: Path<String>) -> ApiResult<Json<Value>> {
        let groups = self.users.groups(&UserId::new(user_id.0)).await?;
        Ok(Json(groups.iter().map(dto::group).collect()))
    }

    /// Sessions with sign-in providers; there are none in this version, which is answered as the reference does.
    #[oai(path = "/api/v1/users/:user_id/oauth/sessions", method = "get")]
    async fn oauth_sessions(&self, _admin: Admin, user_id: Path<String>) -> ApiResult<Json<Value>> {
        self.users.get(&UserId::new(user_id.0)).await?;
        Err(ApiError::bad_request(
            "This user has no session with a sign-in provider.",
        ))
    }

    /// An account's picture.
    #[oai(path = "/api/v1/users/:user_id/profile/image", method = "get")]
    async fn profile_image(&self, _caller: VerifiedUser, user_id: Path<String>) -> ApiResult<Raw<Picture>> {
        let user = self.users.get(&UserId::new(user_id.0)).await?;
        Ok(Raw::from(picture(&user.profile_image_url, StandIn("user.png"))))
    }

    /// Changes an account.
    #[oai(path = "/api/v1/users/:user_id/update", method = "post")]
    async fn update(
        &self,
        admin: Admin,
        user_id: Path<String>,
        body: Body<UserUpdateForm>,
    ) -> ApiResult<Json<Value>> {
        let form = body.0;
        let command = UpdateUser {
            role: form
                .role
                .parse()
                .map_err(|error: UnknownRole| ApiError::bad_request(error.to_string()))?,
            name: form.name,
            email: form.email,
            profile_image_url: form.profile_image_url,
            password: form
                .password
                .filter(|password| !password.is_empty())
                .map(SecretString::from),
        };
        Ok(Json(dto::full(
            &self
                .users
                .update(&admin.0, &UserId::new(user_id.0), command)
                .await?,
        )))
    }

    /// Deletes an account with what belongs to it.
    #[oai(path = "/api/v1/users/:user_id", method = "delete")]
    async fn delete(&self, admin: Admin, user_id: Path<String>) -> ApiResult<Json<bool>> {
        self.users.delete(&admin.0, &UserId::new(user_id.0)).await?;
        Ok(Json(true))
    }
}
