use keelson_application::model::SaveModel;
use keelson_application::user::Owned;
use keelson_domain::model::{Model, ModelId};
use keelson_domain::shared::Timestamp;
use keelson_domain::user::{User, UserId};
use poem_openapi::Object;
use serde_json::Value;

use crate::json::{Column, Free, Nullable};

/// What describes a model.
pub(super) struct ModelMeta;

impl Column for ModelMeta {
    const NAME: &'static str = "ModelMeta";
    const DESCRIPTION: &'static str = "What describes the model: `profile_image_url`, `description`, `capabilities`, `tags`; clients write what they show.";
}

/// Parameters of a model.
pub(super) struct ModelParams;

impl Column for ModelParams {
    const NAME: &'static str = "ModelParams";
    const DESCRIPTION: &'static str =
        "Parameters of the model's completions: `system`, `temperature`, `max_tokens`…";
}

/// Access rules.
pub(super) struct ModelAccessRules;

impl Column for ModelAccessRules {
    const NAME: &'static str = "ModelAccessControl";
    const DESCRIPTION: &'static str = "Who may use and change the model: `{\"read\": {\"user_ids\": [], \"group_ids\": []}, \"write\": {…}}`.";
}

/// A model as another workspace exported it.
pub(super) struct ImportedModel;

impl Column for ImportedModel {
    const NAME: &'static str = "ImportedModel";
    const DESCRIPTION: &'static str =
        "A model as an export writes it. Of a known model, fields that are left out keep their value.";
}

/// A model of the workspace.
#[derive(Object)]
#[oai(rename = "Model")]
pub(super) struct ModelDto {
    /// Identity.
    id: String,
    /// Its owner.
    user_id: String,
    /// The model that answers, for a preset.
    base_model_id: Nullable<String>,
    /// Name.
    name: String,
    params: Free<ModelParams>,
    meta: Free<ModelMeta>,
    /// Null for a model that everyone may use.
    access_control: Nullable<Free<ModelAccessRules>>,
    /// Whether it can be chosen.
    is_active: bool,
    /// When it was last changed, in seconds since 1970.
    updated_at: i64,
    /// When it was made, in seconds since 1970.
    created_at: i64,
}

impl From<Model> for ModelDto {
    fn from(model: Model) -> Self {
        Self {
            id: model.id.into_string(),
            user_id: model.owner.into_string(),
            base_model_id: model.base.map(ModelId::into_string).into(),
            name: model.name,
            params: Value::Object(model.params).into(),
            meta: Value::Object(Model::complete_meta(model.meta)).into(),
            access_control: model.access_control.map(Free::from).into(),
            is_active: model.is_active,
            updated_at: model.updated_at.seconds(),
            created_at: model.created_at.seconds(),
        }
    }
}

/// A page of models.
#[derive(Object)]
pub(super) struct ModelPage {
    items: Vec<ModelListItem>,
    /// How many there are on all pages.
    total: i64,
}

impl From<(Vec<Owned<Model>>, i64)> for ModelPage {
    fn from((models, total): (Vec<Owned<Model>>, i64)) -> Self {
        Self {
            items: models.into_iter().map(ModelListItem::from).collect(),
            total,
        }
    }
}

/// A model in a page.
#[derive(Object)]
struct ModelListItem {
    #[oai(flatten)]
    model: ModelDto,
    /// Its owner; null when the account is gone.
    user: Nullable<ModelOwner>,
}

impl From<Owned<Model>> for ModelListItem {
    fn from(listed: Owned<Model>) -> Self {
        Self {
            model: listed.object.into(),
            user: listed.owner.map(ModelOwner::from).into(),
        }
    }
}

/// The owner of a model.
#[derive(Object)]
struct ModelOwner {
    /// Identity.
    id: String,
    /// Name.
    name: String,
    /// `admin`, `user` or `pending`.
    role: String,
    /// Address.
    email: String,
}

impl From<User> for ModelOwner {
    fn from(user: User) -> Self {
        Self {
            id: user.id.into_string(),
            name: user.name,
            role: user.role.as_str().to_owned(),
            email: user.email,
        }
    }
}

/// A model to store.
#[derive(Object)]
pub(super) struct ModelForm {
    /// Identity, of 1 to 256 bytes.
    #[oai(validator(max_length = 1000))]
    id: String,
    /// The model that answers, for a preset.
    base_model_id: Option<String>,
    /// Name.
    #[oai(validator(max_length = 1000))]
    name: String,
    meta: Free<ModelMeta>,
    params: Free<ModelParams>,
    /// None for a model that everyone may use.
    access_control: Option<Free<ModelAccessRules>>,
    /// Whether it can be chosen; it can unless this says otherwise.
    is_active: Option<bool>,
}

impl From<ModelForm> for SaveModel {
    fn from(form: ModelForm) -> Self {
        Self {
            id: ModelId::new(form.id),
            base: form.base_model_id.map(ModelId::new),
            name: form.name,
            meta: form.meta.into_fields(),
            params: form.params.into_fields(),
            access_control: form.access_control.map(Free::into_value),
            is_active: form.is_active.unwrap_or(true),
        }
    }
}

/// Which model.
#[derive(Object)]
pub(super) struct ModelIdForm {
    /// The model.
    pub(super) id: String,
}

/// Models as another workspace exported them.
#[derive(Object)]
pub(super) struct ModelsImportForm {
    pub(super) models: Vec<Free<ImportedModel>>,
}

/// The models that the workspace is to have.
#[derive(Object)]
pub(super) struct SyncModelsForm {
    /// The models; none for an empty workspace.
    pub(super) models: Option<Vec<ModelModel>>,
}

/// A model with everything.
#[derive(Object)]
pub(super) struct ModelModel {
    /// Identity.
    id: String,
    /// Its owner; the caller becomes the owner.
    user_id: String,
    /// The model that answers, for a preset.
    base_model_id: Option<String>,
    /// Name.
    name: String,
    params: Free<ModelParams>,
    meta: Free<ModelMeta>,
    /// None for a model that everyone may use.
    access_control: Option<Free<ModelAccessRules>>,
    /// Whether it can be chosen.
    is_active: bool,
    /// Ignored: now.
    updated_at: i64,
    /// When it was made, in seconds since 1970.
    created_at: i64,
}

impl From<ModelModel> for Model {
    fn from(model: ModelModel) -> Self {
        Self {
            id: ModelId::new(model.id),
            owner: UserId::new(model.user_id),
            base: model.base_model_id.map(ModelId::new),
            name: model.name,
            params: model.params.into_fields(),
            meta: Self::complete_meta(model.meta.into_fields()),
            access_control: model.access_control.map(Free::into_value),
            is_active: model.is_active,
            created_at: Timestamp::from_seconds(model.created_at),
            updated_at: Timestamp::from_seconds(model.updated_at),
        }
    }
}
