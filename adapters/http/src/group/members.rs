use std::sync::Arc;

use keelson_application::group::Groups;
use keelson_domain::group::GroupId;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{SizedGroupDto, UserIdsForm};
use super::error::GroupResult;
use crate::body::Body;
use crate::caller::Admin;
use crate::user::UserSummary;

pub(super) struct GroupMembersApi {
    pub(super) groups: Arc<Groups>,
}

#[OpenApi(prefix_path = "/api/v1/groups", tag = "Tag::Groups")]
impl GroupMembersApi {
    /// Lists the accounts in a group.
    #[oai(path = "/id/:id/users", method = "post", operation_id = "groups_list_members")]
    async fn list_members(
        &self,
        caller: Admin,
        /// The group.
        id: Path<String>,
    ) -> GroupResult<Json<Vec<UserSummary>>> {
        let members = self.groups.members(&caller.0, &GroupId::new(id.0)).await?;
        Ok(Json(members.iter().map(UserSummary::from).collect()))
    }

    /// Adds accounts to a group.
    ///
    /// Ids of accounts that do not exist are left out.
    #[oai(
        path = "/id/:id/users/add",
        method = "post",
        operation_id = "groups_add_members"
    )]
    async fn add_members(
        &self,
        caller: Admin,
        /// The group.
        id: Path<String>,
        form: Body<UserIdsForm>,
    ) -> GroupResult<Json<SizedGroupDto>> {
        let (id, users) = (GroupId::new(id.0), Vec::from(form.0));
        let group = self.groups.add_members(&caller.0, &id, users).await?;
        Ok(Json((&group).into()))
    }

    /// Removes accounts from a group.
    #[oai(
        path = "/id/:id/users/remove",
        method = "post",
        operation_id = "groups_remove_members"
    )]
    async fn remove_members(
        &self,
        caller: Admin,
        /// The group.
        id: Path<String>,
        form: Body<UserIdsForm>,
    ) -> GroupResult<Json<SizedGroupDto>> {
        let (id, users) = (GroupId::new(id.0), Vec::from(form.0));
        let group = self.groups.remove_members(&caller.0, &id, users).await?;
        Ok(Json((&group).into()))
    }
}
