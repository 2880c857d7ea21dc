use std::sync::Arc;

use keelson_application::user::Users;
use keelson_domain::user::UserId;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{
    EffectivePermissions, FrontendSettings, GroupDto, UserActivityDto, UserDto, UserInfo, UserProfileDto,
    UserSearchPage, UserSettings, UserStatus,
};
use super::error::UserResult;
use super::query::user_query;
use crate::body::Body;
use crate::caller::VerifiedUser;
use crate::json::{Free, Nullable};
use crate::picture::{StandIn, picture};
use crate::raw::{Picture, Raw};

pub(super) struct UserApi {
    pub(super) users: Arc<Users>,
}

#[OpenApi(prefix_path = "/api/v1/users", tag = "Tag::Users")]
impl UserApi {
    /// Lists the groups that the caller is in.
    #[oai(path = "/groups", method = "get", operation_id = "users_list_own_groups")]
    async fn list_own_groups(&self, caller: VerifiedUser) -> UserResult<Json<Vec<GroupDto>>> {
        let groups = self.users.groups(&caller.0, caller.0.id()).await?;
        Ok(Json(groups.iter().map(GroupDto::from).collect()))
    }

    /// Reads what the caller may do.
    #[oai(path = "/permissions", method = "get", operation_id = "users_get_permissions")]
    async fn get_permissions(&self, caller: VerifiedUser) -> UserResult<Json<Free<EffectivePermissions>>> {
        let permissions = self.users.permissions(&caller.0).await?;
        Ok(Json(permissions.as_json().clone().into()))
    }

    /// Searches users by name or e-mail address.
    #[oai(path = "/search", method = "get", operation_id = "users_search")]
    async fn search(
        &self,
        caller: VerifiedUser,
        /// Text in the name or the e-mail address.
        query: Query<Option<String>>,
        /// `name`, `email`, `created_at` (the default), `last_active_at`, `updated_at` or `role`.
        order_by: Query<Option<String>>,
        /// `asc` or `desc` (the default).
        direction: Query<Option<String>>,
        /// The page, from 1.
        page: Query<Option<i64>>,
    ) -> UserResult<Json<UserSearchPage>> {
        let query = user_query(query.0, order_by.0.as_deref(), direction.0.as_deref());
        let page = page.0.unwrap_or(1);
        let (users, total) = self.users.search(&caller.0, page, query).await?;
        Ok(Json(UserSearchPage::new(&users, total)))
    }

    /// Reads the caller's settings of the front end.
    #[oai(path = "/user/settings", method = "get", operation_id = "users_get_settings")]
    async fn get_settings(&self, caller: VerifiedUser) -> UserResult<Json<Nullable<Free<FrontendSettings>>>> {
        let user = self.users.current(&caller.0).await?;
        Ok(Json(user.settings.map(Free::from).into()))
    }

    /// Merges into the caller's settings of the front end.
    #[oai(
        path = "/user/settings/update",
        method = "post",
        operation_id = "users_update_settings"
    )]
    async fn update_settings(
        &self,
        caller: VerifiedUser,
        form: Body<UserSettings>,
    ) -> UserResult<Json<Free<FrontendSettings>>> {
        let fields = form.0.into_fields();
        Ok(Json(self.users.update_settings(&caller.0, fields).await?.into()))
    }

    /// Reads the facts about the caller that prompts may mention.
    #[oai(path = "/user/info", method = "get", operation_id = "users_get_info")]
    async fn get_info(&self, caller: VerifiedUser) -> UserResult<Json<Nullable<Free<UserInfo>>>> {
        let user = self.users.current(&caller.0).await?;
        Ok(Json(user.info.map(Free::from).into()))
    }

    /// Merges into the facts about the caller.
    #[oai(
        path = "/user/info/update",
        method = "post",
        operation_id = "users_update_info"
    )]
    async fn update_info(
        &self,
        caller: VerifiedUser,
        facts: Body<Free<UserInfo>>,
    ) -> UserResult<Json<Free<UserInfo>>> {
        Ok(Json(
            self.users
                .update_info(&caller.0, facts.0.into_fields())
                .await?
                .into(),
        ))
    }

    /// Reads the caller's account with its status line.
    #[oai(path = "/user/status", method = "get", operation_id = "users_get_status")]
    async fn get_status(&self, caller: VerifiedUser) -> UserResult<Json<UserDto>> {
        Ok(Json((&self.users.current(&caller.0).await?).into()))
    }

    /// Sets the caller's status line.
    #[oai(
        path = "/user/status/update",
        method = "post",
        operation_id = "users_set_status"
    )]
    async fn set_status(&self, caller: VerifiedUser, form: Body<UserStatus>) -> UserResult<Json<UserDto>> {
        let user = self.users.set_status(&caller.0, form.0.into()).await?;
        Ok(Json((&user).into()))
    }

    /// Reads an account with its groups.
    ///
    /// Settings, facts and linked providers are null unless the caller owns the account or is an administrator.
    #[oai(path = "/:user_id", method = "get", operation_id = "users_get")]
    async fn get(
        &self,
        caller: VerifiedUser,
        /// The account.
        user_id: Path<String>,
    ) -> UserResult<Json<UserProfileDto>> {
        let profile = self.users.profile(&caller.0, &UserId::new(user_id.0)).await?;
        Ok(Json((&profile).into()))
    }

    /// Tells whether a user is active.
    #[oai(path = "/:user_id/active", method = "get", operation_id = "users_is_active")]
    async fn is_active(
        &self,
        caller: VerifiedUser,
        /// The account.
        user_id: Path<String>,
    ) -> UserResult<Json<UserActivityDto>> {
        let active = self.users.is_active(&caller.0, &UserId::new(user_id.0)).await?;
        Ok(Json(UserActivityDto { active }))
    }

    /// Shows the picture of an account.
    #[oai(
        path = "/:user_id/profile/image",
        method = "get",
        operation_id = "users_get_profile_image"
    )]
    async fn get_profile_image(
        &self,
        caller: VerifiedUser,
        /// The account.
        user_id: Path<String>,
    ) -> UserResult<Raw<Picture>> {
        let user = self.users.get(&caller.0, &UserId::new(user_id.0)).await?;
        Ok(Raw::from(picture(&user.profile_image_url, StandIn("user.png"))))
    }
}
