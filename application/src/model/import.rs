use keelson_domain::access::Permission;
use keelson_domain::auth::Caller;
use keelson_domain::model::{Model, ModelId};
use serde_json::{Map, Value};

use super::manage::check_id;
use super::{ModelError, Models, SaveModel};

impl Models {
    /// Imports models: unknown ids are added as the caller's, of known ones the fields that are given are replaced. Models
    /// without a valid id are skipped. Nothing is imported when one has a wrong field.
    ///
    /// A caller who is no admin may replace only models that they may change.
    ///
    /// # Errors
    /// [`ModelError::NotPermitted`], [`ModelError::ReadOnly`], [`ModelError::InvalidImport`].
    pub async fn import(
        &self,
        caller: &Caller,
        documents: Vec<Map<String, Value>>,
    ) -> Result<(), ModelError> {
        self.access
            .of(caller)
            .await?
            .require(Permission::WorkspaceModelsImport)?;
        let mut known = Vec::new();
        let mut new = Vec::new();
        for document in documents {
            let id = ModelId::from(document.get("id").and_then(Value::as_str).unwrap_or_default());
            if check_id(&id).is_err() {
                continue;
            }
            match self.models.find(&id).await? {
                Some(model) => known.push(parse_import(id, document, Some(model))?),
                None => new.push(parse_import(id, document, None)?),
            }
        }
        for model in known {
            self.update(caller, model).await?;
        }
        for model in new {
            let row = model.clone().into_model(caller, self.clock.now());
            match self.models.insert(&row).await.map_err(ModelError::from) {
                // The import names it twice, or another request added it meanwhile.
                Err(ModelError::IdTaken) => self.update(caller, model).await.map(drop)?,
                done => done?,
            }
        }
        self.invalidate_catalog();
        Ok(())
    }

    /// Replaces all models of the workspace by these; the caller becomes their owner.
    ///
    /// # Errors
    /// [`ModelError::NotPermitted`] for anyone but admins.
    pub async fn sync(&self, caller: &Caller, mut models: Vec<Model>) -> Result<Vec<Model>, ModelError> {
        self.access.of(caller).await?.require_administrator()?;
        let now = self.clock.now();
        for model in &mut models {
            model.owner = caller.id().clone();
            model.updated_at = now;
        }
        self.models.replace_all(&models).await?;
        self.invalidate_catalog();
        Ok(self.models.all().await?)
    }
}

/// An imported document, laid over the stored model.
fn parse_import(
    id: ModelId,
    mut document: Map<String, Value>,
    known: Option<Model>,
) -> Result<SaveModel, ModelError> {
    let wrong = |what: &str| ModelError::InvalidImport(format!("{id}: {what}"));
    let object = |value: Option<Value>, name: &str| match value {
        None => Ok(Map::new()),
        Some(Value::Object(fields)) => Ok(fields),
        Some(_) => Err(wrong(&format!("{name} must be an object"))),
    };
    let name = match (document.remove("name"), &known) {
        (Some(Value::String(name)), _) => name,
        (None, Some(known)) => known.name.clone(),
        _ => return Err(wrong("name must be text")),
    };
    let base = match document.remove("base_model_id") {
        Some(Value::String(base)) => Some(ModelId::new(base)),
        Some(Value::Null) => None,
        None => known.as_ref().and_then(|known| known.base.clone()),
        Some(_) => return Err(wrong("base_model_id must be text")),
    };
    let access_control = match document.remove("access_control") {
        Some(Value::Null) => None,
        Some(rules @ Value::Object(_)) => Some(rules),
        None => known.as_ref().and_then(|known| known.access_control.clone()),
        Some(_) => return Err(wrong("access_control must be an object")),
    };
    let is_active = match document.remove("is_active") {
        Some(Value::Bool(on)) => on,
        None => known.is_none_or(|known| known.is_active),
        Some(_) => return Err(wrong("is_active must be true or false")),
    };
    Ok(SaveModel {
        meta: object(document.remove("meta"), "meta")?,
        params: object(document.remove("params"), "params")?,
        id,
        base,
        name,
        access_control,
        is_active,
    })
}
