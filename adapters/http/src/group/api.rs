use std::sync::Arc;

use keelson_application::group::{GroupError, Groups};
use keelson_domain::group::{Group, GroupChange, GroupId};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::{Value, json};

use crate::body::Body;
use crate::caller::{Admin, VerifiedUser};
use crate::error::{ApiError, ApiResult};
use crate::json::JsonObject;
use crate::param::Flag;

/// Groups themselves.
pub struct GroupApi {
    /// The use cases.
    pub groups: Arc<Groups>,
}

/// What an admin writes about a group.
#[derive(Object)]
struct GroupForm {
    name: String,
    description: String,
    permissions: Option<JsonObject>,
    data: Option<JsonObject>,
}

impl GroupForm {
    fn into_change(self) -> GroupChange {
        GroupChange {
            name: self.name,
            description: self.description,
            permissions: self.permissions.map(|object| Value::Object(object.0)),
            data: self.data.map(|object| Value::Object(object.0)),
        }
    }
}

/// A group with how many members it has.
pub(super) fn counted((group, count): &(Group, i64)) -> Value {
    let mut entry = crate::user::group(group);
    entry["member_count"] = json!(count);
    entry
}

/// An unknown group is 401 where one is read, 400 where it is changed.
fn unknown_is_unauthorized(error: GroupError) -> ApiError {
    match error {
        GroupError::NotFound => ApiError::unauthorized("There is no such group."),
        other => other.into(),
    }
}

#[OpenApi]
impl GroupApi {
    /// One's groups; all for an admin.
    #[oai(path = "/api/v1/groups/", method = "get")]
    async fn list(&self, caller: VerifiedUser, share: Query<Option<Flag>>) -> ApiResult<Json<Value>> {
        let groups = self.groups.list(&caller.0, share.0.map(bool::from)).await?;
        Ok(Json(groups.iter().map(counted).collect()))
    }

    /// Makes a group.
    #[oai(path = "/api/v1/groups/create", method = "post")]
    async fn create(&self, admin: Admin, body: Body<GroupForm>) -> ApiResult<Json<Value>> {
        let group = self.groups.create(&admin.0, body.0.into_change()).await?;
        Ok(Json(counted(&group)))
    }

    /// One group.
    #[oai(path = "/api/v1/groups/id/:id", method = "get")]
    async fn get(&self, _admin: Admin, id: Path<String>) -> ApiResult<Json<Value>> {
        let group = self.groups.get(&GroupId::new(id.0)).await;
        Ok(Json(counted(&group.map_err(unknown_is_unauthorized)?)))
    }

    /// One group with the ids of its members.
    #[oai(path = "/api/v1/groups/id/:id/export", method = "get")]
    async fn export(&self, _admin: Admin, id: Path<String>) -> ApiResult<Json<Value>> {
        let id = GroupId::new(id.0);
        let group = self.groups.get(&id).await.map_err(unknown_is_unauthorized)?;
        let mut entry = counted(&group);
        let members = self.groups.members(&id).await?;
        entry["user_ids"] = members.iter().map(|user| json!(user.id)).collect();
        Ok(Json(entry))
    }

    /// Changes a group.
    #[oai(path = "/api/v1/groups/id/:id/update", method = "post")]
    async fn update(&self, _admin: Admin, id: Path<String>, body: Body<GroupForm>) -> ApiResult<Json<Value>> {
        let group = self
            .groups
            .update(&GroupId::new(id.0), body.0.into_change())
            .await?;
        Ok(Json(counted(&group)))
    }

    /// Deletes a group.
    #[oai(path = "/api/v1/groups/id/:id/delete", method = "delete")]
    async fn delete(&self, _admin: Admin, id: Path<String>) -> ApiResult<Json<bool>> {
        self.groups.delete(&GroupId::new(id.0)).await?;
        Ok(Json(true))
    }
}
