use super::{Grant, OwnerScope, Permission, Permissions, Right, Scope, Shareable, Unset};
use crate::group::GroupId;
use crate::user::{Role, User, UserId};

/// What the operator fixed about access, beyond roles and permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessPolicy {
    /// `BYPASS_MODEL_ACCESS_CONTROL`: everyone may use every model.
    pub bypass_model_access_control: bool,
    /// `BYPASS_ADMIN_ACCESS_CONTROL` (before: `ENABLE_ADMIN_WORKSPACE_CONTENT_ACCESS`): admins see all workspace content.
    pub bypass_admin_access_control: bool,
    /// `ENABLE_ADMIN_EXPORT`: admins may export everyone's data.
    pub admin_export: bool,
    /// `ENABLE_ADMIN_CHAT_ACCESS`: admins may read everyone's chats.
    pub admin_chat_access: bool,
    /// `ENABLE_PUBLIC_ACTIVE_USERS_COUNT`: everyone may see how many people are active.
    pub public_active_users_count: bool,
}

impl Default for AccessPolicy {
    fn default() -> Self {
        Self {
            bypass_model_access_control: false,
            bypass_admin_access_control: true,
            admin_export: true,
            admin_chat_access: true,
            public_active_users_count: true,
        }
    }
}

/// The account may not do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Only administrators may.
    #[error("only administrators may do this")]
    AdministratorsOnly,
    /// Only approved accounts may: those that are not pending.
    #[error("only approved accounts may do this")]
    ApprovedOnly,
    /// A permission is missing.
    #[error("the permission {} is needed", .0.path())]
    Permission(Permission),
}

/// What one account may do: its role, its groups, its permissions, and what the operator fixed.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    user: UserId,
    role: Role,
    groups: Vec<GroupId>,
    permissions: Permissions,
    policy: AccessPolicy,
}

/// Whether a role administers the workspace.
pub const fn administers(role: Role) -> bool {
    matches!(role, Role::Admin)
}

impl Access {
    /// What an account may do that is in these groups and has these permissions.
    pub fn new(user: &User, groups: Vec<GroupId>, permissions: Permissions, policy: AccessPolicy) -> Self {
        Self {
            user: user.id.clone(),
            role: user.role,
            groups,
            permissions,
            policy,
        }
    }

    /// Whose access this is.
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// The groups that the account is in.
    pub fn groups(&self) -> &[GroupId] {
        &self.groups
    }

    /// The permissions as clients see them; an administrator's own, which may be fewer than [`Access::allows`] answers.
    pub fn permissions(&self) -> &Permissions {
        &self.permissions
    }

    /// Whether the account was approved: users and administrators are, pending ones are not.
    pub fn is_verified(&self) -> bool {
        !matches!(self.role, Role::Pending)
    }

    /// Lets only approved accounts pass.
    ///
    /// # Errors
    /// [`Denied::ApprovedOnly`].
    pub fn require_verified(&self) -> Result<(), Denied> {
        match self.is_verified() {
            true => Ok(()),
            false => Err(Denied::ApprovedOnly),
        }
    }

    /// Whether the account administers the workspace.
    pub fn administers(&self) -> bool {
        administers(self.role)
    }

    /// Lets only administrators pass.
    ///
    /// # Errors
    /// [`Denied::AdministratorsOnly`].
    pub fn require_administrator(&self) -> Result<(), Denied> {
        match self.administers() {
            true => Ok(()),
            false => Err(Denied::AdministratorsOnly),
        }
    }

    /// Whether the account has a permission; administrators have all.
    pub fn allows(&self, permission: Permission) -> bool {
        self.administers() || self.holds(permission)
    }

    /// Whether a permission was given to the account itself or its groups; administrators need it, too.
    pub fn holds(&self, permission: Permission) -> bool {
        self.permissions.allow(permission)
    }

    /// Lets only accounts with a permission pass; administrators have all.
    ///
    /// # Errors
    /// [`Denied::Permission`].
    pub fn require(&self, permission: Permission) -> Result<(), Denied> {
        match self.allows(permission) {
            true => Ok(()),
            false => Err(Denied::Permission(permission)),
        }
    }

    /// Whether the account owns what belongs to `owner`.
    pub fn owns(&self, owner: &UserId) -> bool {
        self.user == *owner
    }

    /// Whether the account owns what belongs to `owner`, or administers the workspace.
    pub fn manages(&self, owner: &UserId) -> bool {
        self.owns(owner) || self.administers()
    }

    /// Lets only the owner of what belongs to `owner` and administrators pass.
    ///
    /// # Errors
    /// [`Denied::AdministratorsOnly`].
    pub fn require_manages(&self, owner: &UserId) -> Result<(), Denied> {
        match self.manages(owner) {
            true => Ok(()),
            false => Err(Denied::AdministratorsOnly),
        }
    }

    /// Whether the account has a right on a shared object: as its owner, by its rules, or as an administrator to whom
    /// the operator opened the workspace's content.
    pub fn may(&self, right: Right, object: &impl Shareable) -> bool {
        self.sees_all_content() || self.may_personally(right, object)
    }

    /// Whether the account has a right on an object as its owner or by its rules, administrators like everyone else:
    /// for notes, which nobody reads unasked.
    pub fn may_personally(&self, right: Right, object: &impl Shareable) -> bool {
        self.owns(object.owner()) || object.rules().grant(right, &self.user, &self.groups)
    }

    /// Whether the account may change or delete an object: with the right to write, or as an administrator, even where
    /// the operator keeps the workspace's content from administrators.
    pub fn may_manage(&self, object: &impl Shareable) -> bool {
        self.administers() || self.may(Right::Write, object)
    }

    /// Whether rules that belong to no owner, such as an arena's, let the account in.
    pub fn is_granted(&self, right: Right, rules: super::AccessRules<'_>) -> bool {
        rules.grant(right, &self.user, &self.groups)
    }

    /// The part of a table that the account has a right on. `unset` says what rows without rules mean in that table.
    pub fn scope(&self, right: Right, unset: Unset) -> Scope {
        match self.sees_all_content() {
            true => Scope::All,
            false => self.personal_scope(right, unset),
        }
    }

    /// The part of a table that the account has a right on as an owner or by rules, administrators like everyone else.
    pub fn personal_scope(&self, right: Right, unset: Unset) -> Scope {
        Scope::Granted(Grant {
            user: self.user.clone(),
            groups: self.groups.clone(),
            right,
            includes_unset: unset == Unset::Public && right == Right::Read,
        })
    }

    /// The part of a table whose rows are their owners' alone: an administrator sees everyone's.
    pub fn owner_scope(&self) -> OwnerScope {
        match self.administers() {
            true => OwnerScope::Everyone,
            false => OwnerScope::Of(self.user.clone()),
        }
    }

    /// Whether the account sees the whole content of the workspace, whatever its rules say.
    pub fn sees_all_content(&self) -> bool {
        self.administers() && self.policy.bypass_admin_access_control
    }

    /// Whether the account may use every model, whatever the models' rules say.
    pub fn sees_all_models(&self) -> bool {
        self.policy.bypass_model_access_control || self.sees_all_content()
    }

    /// Whether the account may change a chat of `owner`, delete it, or send events into it: its own, and everyone's where
    /// the operator lets administrators into chats.
    pub fn manages_chat(&self, owner: &UserId) -> bool {
        self.owns(owner) || self.reads_all_chats()
    }

    /// Whether the account may read everyone's chats.
    pub fn reads_all_chats(&self) -> bool {
        self.administers() && self.policy.admin_chat_access
    }

    /// Whether the account may export everyone's data.
    pub fn exports_all_data(&self) -> bool {
        self.administers() && self.policy.admin_export
    }

    /// Whether the account may see how many people are active.
    pub fn sees_active_users(&self) -> bool {
        self.policy.public_active_users_count || self.administers()
    }
}
