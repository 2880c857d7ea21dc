use std::sync::Arc;

use keelson_application::group::Groups;
use keelson_domain::group::GroupId;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{GroupExportDto, GroupForm, SizedGroupDto};
use super::error::{GroupResult, unknown_is_unauthorized};
use crate::body::Body;
use crate::caller::{Admin, VerifiedUser};
use crate::param::Flag;

pub(super) struct GroupApi {
    pub(super) groups: Arc<Groups>,
}

#[OpenApi(prefix_path = "/api/v1/groups", tag = "Tag::Groups")]
impl GroupApi {
    /// Lists the caller's groups; administrators see all.
    #[oai(path = "/", method = "get", operation_id = "groups_list")]
    async fn list(
        &self,
        caller: VerifiedUser,
        /// Leaves only groups that things may, or may not, be shared with.
        share: Query<Option<Flag>>,
    ) -> GroupResult<Json<Vec<SizedGroupDto>>> {
        let groups = self.groups.list(&caller.0, share.0.map(bool::from)).await?;
        Ok(Json(groups.iter().map(SizedGroupDto::from).collect()))
    }

    /// Creates a group.
    #[oai(path = "/create", method = "post", operation_id = "groups_create")]
    async fn create(&self, caller: Admin, form: Body<GroupForm>) -> GroupResult<Json<SizedGroupDto>> {
        let group = self.groups.create(&caller.0, form.0.into()).await?;
        Ok(Json((&group).into()))
    }

    /// Reads a group.
    #[oai(path = "/id/:id", method = "get", operation_id = "groups_get")]
    async fn get(
        &self,
        caller: Admin,
        /// The group.
        id: Path<String>,
    ) -> GroupResult<Json<SizedGroupDto>> {
        let group = self.groups.get(&caller.0, &GroupId::new(id.0)).await;
        Ok(Json((&group.map_err(unknown_is_unauthorized)?).into()))
    }

    /// Exports a group with the ids of its members.
    #[oai(path = "/id/:id/export", method = "get", operation_id = "groups_export")]
    async fn export(
        &self,
        caller: Admin,
        /// The group.
        id: Path<String>,
    ) -> GroupResult<Json<GroupExportDto>> {
        let id = GroupId::new(id.0);
        let group = self.groups.get(&caller.0, &id).await;
        let group = group.map_err(unknown_is_unauthorized)?;
        let members = self.groups.members(&caller.0, &id).await?;
        Ok(Json(GroupExportDto::new(&group, &members)))
    }

    /// Changes a group.
    #[oai(path = "/id/:id/update", method = "post", operation_id = "groups_update")]
    async fn update(
        &self,
        caller: Admin,
        /// The group.
        id: Path<String>,
        form: Body<GroupForm>,
    ) -> GroupResult<Json<SizedGroupDto>> {
        let id = GroupId::new(id.0);
        let group = self.groups.update(&caller.0, &id, form.0.into()).await?;
        Ok(Json((&group).into()))
    }

    /// Deletes a group.
    #[oai(path = "/id/:id/delete", method = "delete", operation_id = "groups_delete")]
    async fn delete(
        &self,
        caller: Admin,
        /// The group.
        id: Path<String>,
    ) -> GroupResult<Json<bool>> {
        self.groups.delete(&caller.0, &GroupId::new(id.0)).await?;
        Ok(Json(true))
    }
}
