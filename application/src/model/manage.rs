use keelson_domain::access::Permission;
use keelson_domain::auth::Caller;
use keelson_domain::model::{Model, ModelId};
use serde_json::{Map, Value};

use super::{ModelError, Models};

/// The longest id, in bytes (the reference's number).
const LONGEST_ID: usize = 256;

/// What someone writes about a model.
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
    /// The model, as its new owner's.
    pub(super) fn of(self, caller: &Caller, models: &Models) -> Model {
        let now = models.clock.now();
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
    /// A model that the caller may change: an own one, a shared one, any for admins.
    async fn changeable(&self, caller: &Caller, id: &ModelId) -> Result<Model, ModelError> {
        let model = self.models.find(id).await?.ok_or(ModelError::NotFound)?;
        match self.access.of(caller).await?.may_manage(&model) {
            true => Ok(model),
            false => Err(ModelError::ReadOnly),
        }
    }

    /// Adds a model to the workspace.
    ///
    /// # Errors
    /// [`ModelError::NotPermitted`], [`ModelError::IdTaken`], [`ModelError::BadId`].
    pub async fn create(&self, caller: &Caller, model: SaveModel) -> Result<Model, ModelError> {
        self.access
            .of(caller)
            .await?
            .require(Permission::WorkspaceModels)?;
        check_id(&model.id)?;
        let model = model.of(caller, self);
        self.models.insert(&model).await?;
        self.forget();
        Ok(model)
    }

    /// Replaces what the workspace says about a model; it keeps its owner.
    ///
    /// # Errors
    /// [`ModelError::NotFound`], [`ModelError::ReadOnly`].
    pub async fn update(&self, caller: &Caller, model: SaveModel) -> Result<Model, ModelError> {
        self.changeable(caller, &model.id).await?;
        let changed = self.models.update(&model.of(caller, self)).await?;
        self.forget();
        changed.ok_or(ModelError::NotFound)
    }

    /// Turns a model on or off.
    ///
    /// # Errors
    /// [`ModelError::NotFound`], [`ModelError::ReadOnly`].
    pub async fn toggle(&self, caller: &Caller, id: &ModelId) -> Result<Model, ModelError> {
        self.changeable(caller, id).await?;
        let changed = self.models.toggle(id, self.clock.now()).await?;
        self.forget();
        changed.ok_or(ModelError::NotFound)
    }

    /// Removes a model from the workspace.
    ///
    /// # Errors
    /// [`ModelError::NotFound`], [`ModelError::ReadOnly`].
    pub async fn delete(&self, caller: &Caller, id: &ModelId) -> Result<bool, ModelError> {
        self.changeable(caller, id).await?;
        let deleted = self.models.delete(id).await?;
        self.forget();
        Ok(deleted)
    }

    /// Removes all models from the workspace.
    ///
    /// # Errors
    /// [`ModelError::NotPermitted`] for anyone but admins.
    pub async fn delete_all(&self, caller: &Caller) -> Result<(), ModelError> {
        self.access.of(caller).await?.require_administrator()?;
        self.models.delete_all().await?;
        self.forget();
        Ok(())
    }
}

/// # Errors
/// [`ModelError::BadId`].
pub(super) fn check_id(id: &ModelId) -> Result<(), ModelError> {
    match id.as_str().len() {
        1..=LONGEST_ID => Ok(()),
        _ => Err(ModelError::BadId),
    }
}
