use serde_json::{Map, Value, json};

use crate::access::{AccessRules, Shareable, Unset};
use crate::shared::Timestamp;
use crate::user::UserId;

crate::text_id! {
    /// Identifies a model, a provider's or the workspace's.
    ModelId
}

/// A model of the workspace: a preset on top of another model, or, without a base, what the workspace says about
/// a provider's model of the same id.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Identity.
    pub id: ModelId,
    /// Who made it.
    pub owner: UserId,
    /// The model that answers, for a preset.
    pub base: Option<ModelId>,
    /// Name shown.
    pub name: String,
    /// Parameters of its completions: `system`, `temperature`…
    pub params: Map<String, Value>,
    /// Description, tags, capabilities, picture…
    pub meta: Map<String, Value>,
    /// Who may use and change it; see [`AccessRules`].
    pub access_control: Option<Value>,
    /// Whether it is offered.
    pub is_active: bool,
    /// Created (whole seconds).
    pub created_at: Timestamp,
    /// Last changed (whole seconds).
    pub updated_at: Timestamp,
}

impl Shareable for Model {
    fn owner(&self) -> &UserId {
        &self.owner
    }

    fn rules(&self) -> AccessRules<'_> {
        AccessRules::new(self.access_control.as_ref(), Unset::Public)
    }
}

impl Model {
    /// The picture of a model that names none.
    pub const DEFAULT_IMAGE: &'static str = "/static/favicon.png";

    /// A description in which the fields that every model has are there.
    pub fn complete_meta(meta: Map<String, Value>) -> Map<String, Value> {
        let mut complete = Map::from_iter([
            ("profile_image_url".to_owned(), json!(Self::DEFAULT_IMAGE)),
            ("description".to_owned(), Value::Null),
            ("capabilities".to_owned(), Value::Null),
        ]);
        complete.extend(meta);
        complete
    }
}
