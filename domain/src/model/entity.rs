use serde_json::{Map, Value, json};

use crate::access::{AccessRules, Shareable, Unset};
use crate::shared::{TextId, Timestamp};
use crate::user::UserId;

/// Identifies a model, a provider's or the workspace's.
pub type ModelId = TextId<Model>;

/// A model of the workspace: a preset on top of another model, or, without a base, the settings of a provider's model
/// of the same id.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Identity.
    pub id: ModelId,
    /// The user who created it.
    pub owner: UserId,
    /// The model that answers; none for the settings of a provider's model.
    pub base: Option<ModelId>,
    /// Name shown.
    pub name: String,
    /// Parameters of its completions: `system`, `temperature`…
    pub params: Map<String, Value>,
    /// Description, tags, capabilities, picture…
    pub meta: Map<String, Value>,
    /// Who may use and change it; see [`AccessRules`].
    pub access_control: Option<Value>,
    /// Whether it can be chosen.
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
    /// The model that a preset stands on; none for the settings of a provider's model.
    pub fn preset_base(&self) -> Option<&ModelId> {
        self.base.as_ref().filter(|base| !base.as_str().is_empty())
    }

    /// Whether everyone may use it.
    pub fn is_public(&self) -> bool {
        self.rules().are_public()
    }

    /// The picture of a model that has none of its own.
    pub const DEFAULT_IMAGE: &'static str = "/static/favicon.png";

    /// Adds the fields that every model's description has.
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
