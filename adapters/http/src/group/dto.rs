use keelson_domain::group::{Group, GroupChange};
use keelson_domain::user::{User, UserId};
use poem_openapi::Object;

use crate::json::Free;
use crate::user::{GroupData, GroupDto, GroupPermissions};

/// A group with its size.
#[derive(Object)]
#[oai(rename = "GroupResponse")]
pub(super) struct SizedGroupDto {
    #[oai(flatten)]
    group: GroupDto,
    /// How many accounts are in it.
    member_count: i64,
}

impl From<&(Group, i64)> for SizedGroupDto {
    fn from((group, count): &(Group, i64)) -> Self {
        Self {
            group: group.into(),
            member_count: *count,
        }
    }
}

/// A group with its size and its members.
#[derive(Object)]
#[oai(rename = "GroupExportResponse")]
pub(super) struct GroupExportDto {
    #[oai(flatten)]
    group: SizedGroupDto,
    /// The accounts in it.
    user_ids: Vec<String>,
}

impl GroupExportDto {
    pub(super) fn new(group: &(Group, i64), members: &[User]) -> Self {
        Self {
            group: group.into(),
            user_ids: members.iter().map(|user| user.id.to_string()).collect(),
        }
    }
}

/// A group to be made, or what it will be.
#[derive(Object)]
pub(super) struct GroupForm {
    /// Name.
    #[oai(validator(max_length = 1000))]
    name: String,
    /// What it is for.
    description: String,
    permissions: Option<Free<GroupPermissions>>,
    data: Option<Free<GroupData>>,
}

impl From<GroupForm> for GroupChange {
    fn from(form: GroupForm) -> Self {
        Self {
            name: form.name,
            description: form.description,
            permissions: form.permissions.map(Free::into_value),
            data: form.data.map(Free::into_value),
        }
    }
}

/// Accounts by id.
#[derive(Object)]
pub(super) struct UserIdsForm {
    /// Their ids.
    user_ids: Option<Vec<String>>,
}

impl From<UserIdsForm> for Vec<UserId> {
    fn from(form: UserIdsForm) -> Self {
        let ids = form.user_ids.unwrap_or_default();
        ids.into_iter().map(UserId::new).collect()
    }
}
