use keelson_domain::auth::Caller;
use keelson_domain::config::table;

use super::{ModelError, Models, Resolved};

impl Models {
    /// Who does background work (titles, tags, follow-ups…) on a chat with a model: the admin's task model for local
    /// or for external models, where there is one, else the model itself.
    ///
    /// The admin chose the task model for everyone, so that the caller's own access to it does not count.
    ///
    /// # Errors
    /// [`ModelError::NotFound`], [`ModelError::NotAllowed`], both about `model_id`.
    pub async fn task_model(&self, caller: &Caller, model_id: &str) -> Result<Resolved, ModelError> {
        let own = self.resolve(caller, model_id).await?;
        let local = own.entry.json["connection_type"] == "local";
        let setting = if local {
            table::TASK_MODEL
        } else {
            table::TASK_MODEL_EXTERNAL
        };
        let chosen = self.settings.current().text(&setting).to_owned();
        if chosen.is_empty() || chosen == model_id {
            return Ok(own);
        }
        match self.resolve_chosen(caller, &chosen).await {
            Ok(task_model) => Ok(task_model),
            Err(ModelError::NotFound) => Ok(own),
            Err(error) => Err(error),
        }
    }
}
