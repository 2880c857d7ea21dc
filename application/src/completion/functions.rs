use keelson_domain::auth::Caller;
use keelson_domain::function::{Function, FunctionKind};
use serde_json::{Map, Value};

use super::{CompletionError, Completions};

impl Completions {
    /// Processes an answer that a client has received completely. Filter functions would change it here; no functions run
    /// yet, so it stays as it is.
    ///
    /// # Errors
    /// [`CompletionError::Model`] when the caller may not use the model that the document names.
    pub async fn process_completed(
        &self,
        caller: &Caller,
        document: Map<String, Value>,
    ) -> Result<Map<String, Value>, CompletionError> {
        let model = document.get("model").and_then(Value::as_str).unwrap_or_default();
        self.models.resolve(caller, model).await?;
        Ok(document)
    }

    /// The action function of an id, which may name one of several actions after a dot. Every verified user may run
    /// actions.
    ///
    /// # Errors
    /// [`CompletionError::NoAction`] when there is no active one.
    pub async fn find_action(&self, _caller: &Caller, id: &str) -> Result<Function, CompletionError> {
        let function_id = id.split('.').next().unwrap_or_default();
        let is_action = |function: &Function| {
            function.kind == FunctionKind::Action && function.is_active && function.id.as_str() == function_id
        };
        let functions = self.functions.list().await?;
        let action = functions.into_iter().find(is_action);
        action.ok_or_else(|| CompletionError::NoAction(id.to_owned()))
    }
}
