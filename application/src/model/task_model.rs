use keelson_domain::auth::Caller;
use keelson_domain::config::table;

use super::{ModelError, Models, ResolvedModel};

impl Models {
    /// The model that generates titles, tags and the like for chats with a model: the admin's task model for local or for
    /// external models, where one is set, else the model itself.
    ///
    /// The admin chose the task model for everyone, so the caller's access to it is not checked.
    ///
    /// # Errors
    /// [`ModelError::NotFound`], [`ModelError::NotAllowed`], both about `model_id`.
    pub async fn task_model(&self, caller: &Caller, model_id: &str) -> Result<ResolvedModel, ModelError> {
        let own = self.resolve(caller, model_id).await?;
        let is_local = own.entry.listing["connection_type"] == "local";
        let setting = if is_local {
            table::TASK_MODEL
        } else {
            table::TASK_MODEL_EXTERNAL
        };
        let task_model = self.settings.current().text(&setting).to_owned();
        if task_model.is_empty() || task_model == model_id {
            return Ok(own);
        }
        match self.resolve_unchecked(caller, &task_model).await {
            Ok(resolved) => Ok(resolved),
            Err(ModelError::NotFound) => Ok(own),
            Err(error) => Err(error),
        }
    }
}
