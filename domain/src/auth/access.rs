use serde_json::Value;

use crate::user::UserId;

/// What someone wants to do with a shared thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// See and use it.
    Read,
    /// Change it.
    Write,
}

/// Who may do what with a shared thing, as stored: `null` lets everyone read, `{}` nobody but the owner, and
/// `{"read": {"user_ids": […], "group_ids": […]}, "write": {…}}` those named. Writing implies reading nowhere.
#[derive(Debug, Clone, Copy)]
pub struct AccessControl<'a>(pub Option<&'a Value>);

impl AccessControl<'_> {
    /// Whether a user who is in these groups has the right (the owner's own right is not asked here).
    pub fn grants(&self, right: Right, user: &UserId, groups: &[String]) -> bool {
        let rules = match self.0 {
            None | Some(Value::Null) => return right == Right::Read,
            Some(rules) => rules,
        };
        let name = match right {
            Right::Read => "read",
            Right::Write => "write",
        };
        let names = |list: &str, id: &str| {
            rules[name][list]
                .as_array()
                .is_some_and(|ids| ids.iter().any(|entry| entry.as_str() == Some(id)))
        };
        names("user_ids", user.as_str()) || groups.iter().any(|group| names("group_ids", group))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn null_is_public_to_read_and_empty_is_private() {
        let user = UserId::from("u1");
        let groups = ["g1".to_owned()];
        let rules = json!({"read": {"user_ids": ["u1"]}, "write": {"group_ids": ["g1"]}});
        assert!(AccessControl(None).grants(Right::Read, &user, &[]));
        assert!(!AccessControl(Some(&Value::Null)).grants(Right::Write, &user, &groups));
        assert!(!AccessControl(Some(&json!({}))).grants(Right::Read, &user, &groups));
        assert!(AccessControl(Some(&rules)).grants(Right::Read, &user, &[]));
        assert!(!AccessControl(Some(&rules)).grants(Right::Write, &user, &[]));
        assert!(AccessControl(Some(&rules)).grants(Right::Write, &user, &groups));
    }
}
