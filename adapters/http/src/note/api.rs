use std::sync::Arc;

use keelson_application::note::Notes;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::NoteDto;
use super::error::NoteResult;
use crate::caller::VerifiedUser;

pub(super) struct NoteApi {
    pub(super) notes: Arc<Notes>,
}

#[OpenApi(prefix_path = "/api/v1/notes", tag = "Tag::Notes")]
impl NoteApi {
    /// Lists the notes that the caller may read.
    #[oai(path = "/", method = "get", operation_id = "notes_list")]
    async fn list(
        &self,
        caller: VerifiedUser,
        /// The page, from 1; 60 notes each. All notes without one.
        page: Query<Option<i64>>,
    ) -> NoteResult<Json<Vec<NoteDto>>> {
        let notes = self.notes.list(&caller.0, page.0).await?;
        Ok(Json(notes.into_iter().map(NoteDto::from).collect()))
    }
}
