use std::collections::BTreeMap;

use keelson_domain::access::Permission;
use keelson_domain::auth::Caller;
use keelson_domain::model::{Model, ModelId};
use serde_json::{Map, Value};

use super::manage::check_id;
use super::{ModelError, Models, SaveModel};

/// An imported model, and what is stored under its id.
struct Imported {
    model: Model,
    stored: Option<Model>,
}

impl Models {
    /// Imports models: unknown ids are added as the caller's, of known ones the fields that are given are replaced. Models
    /// without a valid id are skipped. Nothing is imported when one is refused.
    ///
    /// A caller who is no admin may replace only models that they may change, and add only what they may create.
    ///
    /// # Errors
    /// [`ModelError::NotPermitted`], [`ModelError::ReadOnly`], [`ModelError::InvalidImport`], [`ModelError::IdTaken`]
    /// when another request added or removed one meanwhile, and those of [`Models::check_model`].
    pub async fn import(
        &self,
        caller: &Caller,
        documents: Vec<Map<String, Value>>,
    ) -> Result<(), ModelError> {
        self.access
            .of(caller)
            .await?
            .require(Permission::WorkspaceModelsImport)?;
        let mut imported: BTreeMap<ModelId, Imported> = BTreeMap::new();
        for document in documents {
            let id = ModelId::from(document.get("id").and_then(Value::as_str).unwrap_or_default());
            if check_id(&id).is_err() {
                continue;
            }
            let (stored, latest) = match imported.remove(&id) {
                // The import names it twice: the second is laid over the first.
                Some(first) => (first.stored, Some(first.model)),
                None => {
                    let stored = self.models.find(&id).await?;
                    (stored.clone(), stored)
                }
            };
            let model = self
                .import_one(caller, id.clone(), document, latest, stored.as_ref())
                .await?;
            imported.insert(id, Imported { model, stored });
        }
        let (known, new): (Vec<_>, Vec<_>) = imported.into_values().partition(|it| it.stored.is_some());
        let models = |all: Vec<Imported>| all.into_iter().map(|it| it.model).collect::<Vec<_>>();
        self.models.save_all(&models(new), &models(known)).await?;
        self.invalidate_catalog();
        Ok(())
    }

    /// The model that a document makes, laid over the latest state, if the caller may make it of the stored one.
    async fn import_one(
        &self,
        caller: &Caller,
        id: ModelId,
        document: Map<String, Value>,
        latest: Option<Model>,
        stored: Option<&Model>,
    ) -> Result<Model, ModelError> {
        if let Some(stored) = stored {
            self.check_writable(caller, stored).await?;
        }
        let mut model = parse_import(id, document, latest)?.into_model(caller, self.clock.now());
        if let Some(stored) = stored {
            model.owner = stored.owner.clone();
            model.created_at = stored.created_at;
        }
        self.check_model(caller, &model, stored).await?;
        Ok(model)
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
