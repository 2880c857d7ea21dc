use keelson_domain::access::Permission;
use keelson_domain::auth::Caller;
use keelson_domain::model::{Model, ModelId};
use keelson_domain::shared::Timestamp;
use serde_json::{Map, Value};

use super::{ModelError, Models};

/// The longest id in bytes (the reference's limit).
const MAX_ID_LENGTH: usize = 256;

/// A model of the workspace to store.
#[derive(Debug, Clone)]
pub struct SaveModel {
    /// Id.
    pub id: ModelId,
    /// The model that answers, for a preset.
    pub base: Option<ModelId>,
    /// Name.
    pub name: String,
    /// Description.
    pub meta: Map<String, Value>,
    /// Parameters.
    pub params: Map<String, Value>,
    /// Who may use and change it.
    pub access_control: Option<Value>,
    /// Whether it is offered.
    pub is_active: bool,
}

impl SaveModel {
    /// The model with the caller as its owner.
    pub(super) fn into_model(self, caller: &Caller, now: Timestamp) -> Model {
        Model {
            id: self.id,
            owner: caller.id().clone(),
            base: self.base,
            name: self.name,
            params: self.params,
            meta: Model::complete_meta(self.meta),
            access_control: self.access_control,
            is_active: self.is_active,
            created_at: now,
            updated_at: now,
        }
    }
}

impl Models {
    /// A model that the caller may change; see [`Models::check_writable`].
    async fn find_writable(&self, caller: &Caller, id: &ModelId) -> Result<Model, ModelError> {
        let model = self.models.find(id).await?.ok_or(ModelError::NotFound)?;
        self.check_writable(caller, &model).await?;
        Ok(model)
    }

    /// Lets those pass who may change a model: their own, one shared for writing, any for administrators. The settings of
    /// providers' models decide who may use these: they are the administrator's alone, whosever they once were.
    ///
    /// # Errors
    /// [`ModelError::ReadOnly`].
    pub(super) async fn check_writable(&self, caller: &Caller, model: &Model) -> Result<(), ModelError> {
        let access = self.access.of(caller).await?;
        let is_preset = model.preset_base().is_some();
        match access.administers() || (is_preset && access.may_manage(model)) {
            true => Ok(()),
            false => Err(ModelError::ReadOnly),
        }
    }

    /// Adds a model to the workspace.
    ///
    /// # Errors
    /// [`ModelError::NotPermitted`], [`ModelError::IdTaken`], [`ModelError::InvalidId`], and those of
    /// [`Models::check_model`].
    pub async fn create(&self, caller: &Caller, model: SaveModel) -> Result<Model, ModelError> {
        self.access
            .of(caller)
            .await?
            .require(Permission::WorkspaceModels)?;
        check_id(&model.id)?;
        let model = model.into_model(caller, self.clock.now());
        self.check_model(caller, &model, None).await?;
        self.models.insert(&model).await?;
        self.invalidate_catalog();
        Ok(model)
    }

    /// Replaces a model of the workspace; it keeps its owner.
    ///
    /// # Errors
    /// [`ModelError::NotFound`], [`ModelError::ReadOnly`], and those of [`Models::check_model`].
    pub async fn update(&self, caller: &Caller, model: SaveModel) -> Result<Model, ModelError> {
        let before = self.find_writable(caller, &model.id).await?;
        let model = model.into_model(caller, self.clock.now());
        self.check_model(caller, &model, Some(&before)).await?;
        let changed = self.models.update(&model).await?;
        self.invalidate_catalog();
        changed.ok_or(ModelError::NotFound)
    }

    /// Activates or deactivates a model.
    ///
    /// # Errors
    /// [`ModelError::NotFound`], [`ModelError::ReadOnly`].
    pub async fn toggle(&self, caller: &Caller, id: &ModelId) -> Result<Model, ModelError> {
        self.find_writable(caller, id).await?;
        let changed = self.models.toggle(id, self.clock.now()).await?;
        self.invalidate_catalog();
        changed.ok_or(ModelError::NotFound)
    }

    /// Removes a model from the workspace.
    ///
    /// # Errors
    /// [`ModelError::NotFound`], [`ModelError::ReadOnly`].
    pub async fn delete(&self, caller: &Caller, id: &ModelId) -> Result<bool, ModelError> {
        self.find_writable(caller, id).await?;
        let deleted = self.models.delete(id).await?;
        self.invalidate_catalog();
        Ok(deleted)
    }

    /// Removes all models from the workspace.
    ///
    /// # Errors
    /// [`ModelError::NotPermitted`] for anyone but admins.
    pub async fn delete_all(&self, caller: &Caller) -> Result<(), ModelError> {
        self.access.of(caller).await?.require_administrator()?;
        self.models.delete_all().await?;
        self.invalidate_catalog();
        Ok(())
    }
}

/// Checks the length of an id.
///
/// # Errors
/// [`ModelError::InvalidId`].
pub(super) fn check_id(id: &ModelId) -> Result<(), ModelError> {
    match id.as_str().len() {
        1..=MAX_ID_LENGTH => Ok(()),
        _ => Err(ModelError::InvalidId),
    }
}
