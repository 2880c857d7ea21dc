use std::sync::Arc;

use keelson_application::group::Groups;
use keelson_domain::group::GroupId;
use keelson_domain::user::UserId;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;

use super::api::counted;
use crate::body::Body;
use crate::caller::Admin;
use crate::error::ApiResult;

/// Who is in a group.
pub struct GroupMembersApi {
    /// The use cases.
    pub groups: Arc<Groups>,
}

/// Accounts by id.
#[derive(Object)]
struct UserIdsForm {
    user_ids: Option<Vec<String>>,
}

impl UserIdsForm {
    fn ids(self) -> Vec<UserId> {
        self.user_ids
            .unwrap_or_default()
            .into_iter()
            .map(UserId::new)
            .collect()
    }
}

#[OpenApi]
impl GroupMembersApi {
    /// The accounts in a group.
    #[oai(path = "/api/v1/groups/id/:id/users", method = "post")]
    async fn members(&self, _admin: Admin, id: Path<String>) -> ApiResult<Json<Value>> {
        let members = self.groups.members(&GroupId::new(id.0)).await?;
        Ok(Json(members.iter().map(crate::user::brief).collect()))
    }

    /// Puts accounts into a group.
    #[oai(path = "/api/v1/groups/id/:id/users/add", method = "post")]
    async fn add(&self, _admin: Admin, id: Path<String>, body: Body<UserIdsForm>) -> ApiResult<Json<Value>> {
        let group = self.groups.add_members(&GroupId::new(id.0), body.0.ids()).await?;
        Ok(Json(counted(&group)))
    }

    /// Takes accounts out of a group.
    #[oai(path = "/api/v1/groups/id/:id/users/remove", method = "post")]
    async fn remove(
        &self,
        _admin: Admin,
        id: Path<String>,
        body: Body<UserIdsForm>,
    ) -> ApiResult<Json<Value>> {
        let group = self
            .groups
            .remove_members(&GroupId::new(id.0), body.0.ids())
            .await?;
        Ok(Json(counted(&group)))
    }
}
