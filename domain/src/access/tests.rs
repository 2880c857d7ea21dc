use serde_json::{Value, json};

use super::*;
use crate::group::GroupId;
use crate::shared::Timestamp;
use crate::user::{Role, User, UserId};

struct Document {
    owner: UserId,
    rules: Option<Value>,
    unset: Unset,
}

impl Shareable for Document {
    fn owner(&self) -> &UserId {
        &self.owner
    }

    fn rules(&self) -> AccessRules<'_> {
        AccessRules::new(self.rules.as_ref(), self.unset)
    }
}

fn document(rules: impl Into<Option<Value>>) -> Document {
    Document {
        owner: UserId::from("owner"),
        rules: rules.into(),
        unset: Unset::Public,
    }
}

fn account(id: &str, role: Role) -> User {
    let zero = Timestamp::from_seconds(0);
    User {
        id: id.into(),
        name: id.to_owned(),
        email: format!("{id}@example.test"),
        role,
        profile_image_url: String::new(),
        profile_banner_image_url: None,
        username: None,
        bio: None,
        gender: None,
        date_of_birth: None,
        timezone: None,
        presence_state: None,
        status_emoji: None,
        status_message: None,
        status_expires_at: None,
        settings: None,
        info: None,
        oauth: None,
        last_active_at: zero,
        created_at: zero,
        updated_at: zero,
    }
}

fn access(id: &str, role: Role, policy: AccessPolicy) -> Access {
    let permissions = Permissions::new(&json!({"chat": {"delete": true}}), []);
    Access::new(&account(id, role), vec![GroupId::from("g1")], permissions, policy)
}

#[test]
fn objects_without_rules_are_public_or_private_by_kind() {
    let user = access("u1", Role::User, AccessPolicy::default());
    let mut object = document(None);
    assert!(user.may(Right::Read, &object) && !user.may(Right::Write, &object));
    object.rules = Some(Value::Null);
    assert!(user.may(Right::Read, &object) && !user.may(Right::Write, &object));
    object.unset = Unset::Private;
    assert!(!user.may(Right::Read, &object));
    assert!(access("owner", Role::User, AccessPolicy::default()).may(Right::Write, &object));
}

#[test]
fn rules_name_users_and_groups() {
    let user = access("u1", Role::User, AccessPolicy::default());
    let other = access("u2", Role::User, AccessPolicy::default());
    let object = document(json!({"read": {"user_ids": ["u1"]}, "write": {"group_ids": ["g1"]}}));
    assert!(user.may(Right::Read, &object) && user.may(Right::Write, &object));
    assert!(!other.may(Right::Read, &object) && other.may(Right::Write, &object));
    for nobody in [json!({}), json!("text"), json!({"read": {"user_ids": "u1"}})] {
        assert!(!user.may(Right::Read, &document(nobody)));
    }
}

#[test]
fn administrators_see_content_unless_the_operator_closed_it() {
    let closed = AccessPolicy {
        bypass_admin_access_control: false,
        admin_chat_access: false,
        ..AccessPolicy::default()
    };
    let private = document(json!({}));
    let admin = access("a", Role::Admin, AccessPolicy::default());
    assert!(admin.may(Right::Write, &private) && admin.reads_all_chats());
    assert_eq!(admin.scope(Right::Read, Unset::Public), Scope::All);
    let admin = access("a", Role::Admin, closed);
    assert!(!admin.may(Right::Read, &private) && admin.may_manage(&private));
    assert!(!admin.reads_all_chats() && !admin.sees_all_models());
    assert_ne!(admin.scope(Right::Read, Unset::Public), Scope::All);
}

#[test]
fn permissions_are_required() {
    let user = access("u1", Role::User, AccessPolicy::default());
    let admin = access("a", Role::Admin, AccessPolicy::default());
    assert_eq!(user.require(Permission::ChatDelete), Ok(()));
    let missing = Err(Denied::Permission(Permission::ChatShare));
    assert_eq!(user.require(Permission::ChatShare), missing);
    assert_eq!(admin.require(Permission::ChatShare), Ok(()));
    assert!(!admin.holds(Permission::ChatShare));
    assert_eq!(user.require_administrator(), Err(Denied::AdministratorsOnly));
    assert!(!access("p", Role::Pending, AccessPolicy::default()).is_verified());
}

#[test]
fn scopes_say_whose_rows() {
    let user = access("u1", Role::User, AccessPolicy::default());
    let unset = |scope: Scope| match scope {
        Scope::All => None,
        Scope::Granted(grant) => Some(grant.includes_unset),
    };
    assert_eq!(unset(user.scope(Right::Read, Unset::Public)), Some(true));
    assert_eq!(unset(user.scope(Right::Read, Unset::Private)), Some(false));
    assert_eq!(unset(user.scope(Right::Write, Unset::Public)), Some(false));
    assert_eq!(
        unset(user.scope(Right::Write, Unset::Public).with_unset()),
        Some(true)
    );
    assert_eq!(user.owner_scope(), OwnerScope::Of(UserId::from("u1")));
    assert!(user.manages(&UserId::from("u1")) && !user.manages(&UserId::from("u2")));
}
