use std::sync::Arc;

use keelson_application::user::Users;
use keelson_application::workspace::Workspace;
use keelson_domain::user::UserId;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use serde_json::Value;

use super::dto;
use crate::caller::VerifiedUser;
use crate::error::ApiResult;

/// Lists of where people talk and write together.
pub struct TalkApi {
    /// The use cases.
    pub workspace: Arc<Workspace>,
    /// Who is there.
    pub users: Arc<Users>,
}

#[OpenApi]
impl TalkApi {
    /// The notes that one may read.
    #[oai(path = "/api/v1/notes/", method = "get")]
    async fn notes(&self, caller: VerifiedUser, page: Query<Option<i64>>) -> ApiResult<Json<Value>> {
        let notes = self.workspace.notes(&caller.0, page.0).await?;
        let owners = self
            .workspace
            .owners(notes.iter().map(|note| note.head.owner.clone()).collect())
            .await?;
        Ok(Json(notes.iter().map(|note| dto::note(note, &owners)).collect()))
    }

    /// The channels that one hears, with what waits in them.
    #[oai(path = "/api/v1/channels/", method = "get")]
    async fn channels(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        let channels = self.workspace.channels(&caller.0).await?;
        let people = channels.iter().filter_map(|one| one.people.as_ref()).flatten();
        let ids: Vec<UserId> = people.map(|user| user.id.clone()).collect();
        let active: Vec<UserId> = self.users.active(&caller.0, &ids).await?.into_iter().collect();
        let shown = channels.iter().map(|one| dto::listed_channel(one, &active));
        Ok(Json(shown.collect()))
    }

    /// All channels for an admin, else those that one hears.
    #[oai(path = "/api/v1/channels/list", method = "get")]
    async fn all_channels(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        let channels = self.workspace.all_channels(&caller.0).await?;
        Ok(Json(channels.iter().map(dto::channel).collect()))
    }
}
