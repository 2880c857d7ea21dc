use serde_json::Value;

use super::ToolId;
use crate::access::{AccessRules, Shareable, Unset};
use crate::shared::Timestamp;
use crate::user::UserId;

/// A tool of the workspace. Its valves, which hold secrets, live elsewhere and are never listed.
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    /// Identity.
    pub id: ToolId,
    /// Who made it.
    pub owner: UserId,
    /// Name.
    pub name: String,
    /// Python source.
    pub content: String,
    /// What models are told of its functions.
    pub specs: Value,
    /// Description and manifest.
    pub meta: Value,
    /// Who else may use or change it.
    pub access_control: Option<Value>,
    /// Created (whole seconds).
    pub created_at: Timestamp,
    /// Last changed (whole seconds).
    pub updated_at: Timestamp,
}

impl Shareable for Tool {
    fn owner(&self) -> &UserId {
        &self.owner
    }

    fn rules(&self) -> AccessRules<'_> {
        AccessRules::new(self.access_control.as_ref(), Unset::Public)
    }
}

impl Tool {
    /// Whether each user may set it up for themselves: its source has a class `UserValves`.
    pub fn has_user_valves(&self) -> bool {
        self.content.lines().any(|line| {
            line.trim_start()
                .strip_prefix("class UserValves")
                .is_some_and(|rest| rest.trim_start().starts_with(['(', ':']))
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn finds_user_valves_in_the_source() {
        let tool = |content: &str| Tool {
            id: "t".into(),
            owner: "u".into(),
            name: "T".to_owned(),
            content: content.to_owned(),
            specs: json!([]),
            meta: json!({}),
            access_control: None,
            created_at: Timestamp::from_seconds(0),
            updated_at: Timestamp::from_seconds(0),
        };
        assert!(tool("class Tools:\n    class UserValves(BaseModel):\n        pass\n").has_user_valves());
        assert!(
            !tool("class Tools:\n    # class UserValvesLater:\n    class UserValvesX:\n").has_user_valves()
        );
    }
}
