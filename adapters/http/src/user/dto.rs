use keelson_application::user::{SetStatus, UpdateUser, UserProfile};
use keelson_domain::group::{Group, GroupId};
use keelson_domain::user::{Role, UnknownRole, User};
use poem_openapi::Object;
use secrecy::SecretString;
use serde_json::{Map, Value};

use crate::json::{Column, Extra, Free, JsonObject, Nullable};

/// Settings of the front end.
pub(super) struct FrontendSettings;

impl Column for FrontendSettings {
    const NAME: &'static str = "FrontendSettings";
    const DESCRIPTION: &'static str = "What the front end keeps for the user: mostly one object named `ui`.";
}

/// Facts about a user.
pub(super) struct UserInfo;

impl Column for UserInfo {
    const NAME: &'static str = "UserInfo";
    const DESCRIPTION: &'static str = "Facts about the user that prompts may mention, such as the location.";
}

/// Linked sign-in providers.
pub(super) struct LinkedProviders;

impl Column for LinkedProviders {
    const NAME: &'static str = "LinkedProviders";
    const DESCRIPTION: &'static str =
        "The providers that the user signs in with, each with the user's id there (`sub`).";
}

/// Data of a group.
pub(crate) struct GroupData;

impl Column for GroupData {
    const NAME: &'static str = "GroupData";
    const DESCRIPTION: &'static str =
        "Settings of the group; `config.share` says whether others may share things with it.";
}

/// What old clients kept in a group.
pub(crate) struct GroupMeta;

impl Column for GroupMeta {
    const NAME: &'static str = "GroupMeta";
    const DESCRIPTION: &'static str = "Free data of the group that the server does not read.";
}

/// What members of a group may do.
pub(crate) struct GroupPermissions;

impl Column for GroupPermissions {
    const NAME: &'static str = "GroupPermissions";
    const DESCRIPTION: &'static str =
        "What members of the group may do beyond the defaults, in the sections of `UserPermissions`.";
}

/// What an account may do.
pub(crate) struct EffectivePermissions;

impl Column for EffectivePermissions {
    const NAME: &'static str = "EffectivePermissions";
    const DESCRIPTION: &'static str =
        "What the account may do by the defaults and its groups, in the sections of `UserPermissions`.";
}

/// An account with everything but its password.
#[derive(Object)]
#[oai(rename = "UserModel")]
pub(crate) struct UserDto {
    /// Identity.
    id: String,
    /// E-mail address.
    email: String,
    /// Handle.
    username: Nullable<String>,
    /// `admin`, `user` or `pending`.
    role: String,
    /// Display name.
    name: String,
    /// A path, a web address or a data URL.
    profile_image_url: String,
    /// A path, a web address or a data URL.
    profile_banner_image_url: Nullable<String>,
    /// What the user says of themselves.
    bio: Nullable<String>,
    /// Free text.
    gender: Nullable<String>,
    /// `YYYY-MM-DD`.
    date_of_birth: Nullable<String>,
    /// IANA name, such as `Europe/Berlin`.
    timezone: Nullable<String>,
    /// The presence that the user chose.
    presence_state: Nullable<String>,
    /// Emoji of the status line.
    status_emoji: Nullable<String>,
    /// Text of the status line.
    status_message: Nullable<String>,
    /// When the status line ends, in seconds since 1970.
    status_expires_at: Nullable<i64>,
    info: Nullable<Free<UserInfo>>,
    settings: Nullable<Free<FrontendSettings>>,
    oauth: Nullable<Free<LinkedProviders>>,
    /// When the user was last active, in seconds since 1970.
    last_active_at: i64,
    /// When the account was last changed, in seconds since 1970.
    updated_at: i64,
    /// When the account was made, in seconds since 1970.
    created_at: i64,
}

impl From<&User> for UserDto {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            email: user.email.clone(),
            username: user.username.clone().into(),
            role: user.role.as_str().to_owned(),
            name: user.name.clone(),
            profile_image_url: user.profile_image_url.clone(),
            profile_banner_image_url: user.profile_banner_image_url.clone().into(),
            bio: user.bio.clone().into(),
            gender: user.gender.clone().into(),
            date_of_birth: user.date_of_birth.clone().into(),
            timezone: user.timezone.clone().into(),
            presence_state: user.presence_state.clone().into(),
            status_emoji: user.status_emoji.clone().into(),
            status_message: user.status_message.clone().into(),
            status_expires_at: user.status_expires_at.into(),
            info: user.info.clone().map(Free::from).into(),
            settings: user.settings.clone().map(Free::from).into(),
            oauth: user.oauth.clone().map(Free::from).into(),
            last_active_at: user.last_active_at.seconds(),
            updated_at: user.updated_at.seconds(),
            created_at: user.created_at.seconds(),
        }
    }
}

/// An account with the groups that it is in.
#[derive(Object)]
#[oai(rename = "UserGroupIdsModel")]
pub(super) struct UserWithGroupIds {
    #[oai(flatten)]
    user: UserDto,
    /// The groups that the account is in.
    group_ids: Vec<String>,
}

/// A page of accounts, as administrators see it.
#[derive(Object)]
#[oai(rename = "UserGroupIdsListResponse")]
pub(super) struct UserPage {
    /// The accounts of the page.
    users: Vec<UserWithGroupIds>,
    /// How many accounts there are on all pages.
    total: i64,
}

impl UserPage {
    pub(super) fn new(users: &[(User, Vec<GroupId>)], total: i64) -> Self {
        let entry = |(user, groups): &(User, Vec<GroupId>)| UserWithGroupIds {
            user: user.into(),
            group_ids: groups.iter().map(ToString::to_string).collect(),
        };
        Self {
            users: users.iter().map(entry).collect(),
            total,
        }
    }
}

/// What lists show of an account.
#[derive(Object)]
#[oai(rename = "UserInfoResponse")]
pub(crate) struct UserSummary {
    /// Identity.
    id: String,
    /// Display name.
    name: String,
    /// E-mail address.
    email: String,
    /// `admin`, `user` or `pending`.
    role: String,
    /// Emoji of the status line.
    status_emoji: Nullable<String>,
    /// Text of the status line.
    status_message: Nullable<String>,
    /// When the status line ends, in seconds since 1970.
    status_expires_at: Nullable<i64>,
}

impl From<&User> for UserSummary {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            name: user.name.clone(),
            email: user.email.clone(),
            role: user.role.as_str().to_owned(),
            status_emoji: user.status_emoji.clone().into(),
            status_message: user.status_message.clone().into(),
            status_expires_at: user.status_expires_at.into(),
        }
    }
}

/// All accounts in short.
#[derive(Object)]
#[oai(rename = "UserInfoListResponse")]
pub(super) struct UserList {
    /// The accounts.
    users: Vec<UserSummary>,
    /// How many there are.
    total: i64,
}

impl From<&(Vec<User>, i64)> for UserList {
    fn from((users, total): &(Vec<User>, i64)) -> Self {
        Self {
            users: users.iter().map(UserSummary::from).collect(),
            total: *total,
        }
    }
}

/// What a search shows of an account.
#[derive(Object)]
pub(super) struct UserSearchHit {
    #[oai(flatten)]
    user: UserSummary,
    /// Whether the user was active in the last minutes or is connected.
    is_active: bool,
}

/// A page of a search for users.
#[derive(Object)]
pub(super) struct UserSearchPage {
    /// The accounts of the page.
    users: Vec<UserSearchHit>,
    /// How many accounts the search finds on all pages.
    total: i64,
}

impl UserSearchPage {
    pub(super) fn new(users: &[(User, bool)], total: i64) -> Self {
        let hit = |(user, is_active): &(User, bool)| UserSearchHit {
            user: user.into(),
            is_active: *is_active,
        };
        Self {
            users: users.iter().map(hit).collect(),
            total,
        }
    }
}

/// A group.
#[derive(Object)]
#[oai(rename = "GroupModel")]
pub(crate) struct GroupDto {
    /// Identity.
    id: String,
    /// Who made it.
    user_id: String,
    /// Name.
    name: String,
    /// What it is for.
    description: String,
    data: Nullable<Free<GroupData>>,
    meta: Nullable<Free<GroupMeta>>,
    permissions: Nullable<Free<GroupPermissions>>,
    /// When it was made, in seconds since 1970.
    created_at: i64,
    /// When it was last changed, in seconds since 1970.
    updated_at: i64,
}

impl From<&Group> for GroupDto {
    fn from(group: &Group) -> Self {
        Self {
            id: group.id.to_string(),
            user_id: group.owner.to_string(),
            name: group.name.clone(),
            description: group.description.clone(),
            data: group.data.clone().map(Free::from).into(),
            meta: group.meta.clone().map(Free::from).into(),
            permissions: group.permissions.clone().map(Free::from).into(),
            created_at: group.created_at.seconds(),
            updated_at: group.updated_at.seconds(),
        }
    }
}

/// A group by name.
#[derive(Object)]
pub(super) struct GroupName {
    /// Identity.
    id: String,
    /// Name.
    name: String,
}

/// An account as other users see it; what is private of it is null for them.
#[derive(Object)]
#[oai(rename = "UserActiveResponse")]
pub(super) struct UserProfileDto {
    #[oai(flatten)]
    user: UserDto,
    /// The groups that the account is in.
    groups: Vec<GroupName>,
    /// Whether the user was active in the last minutes or is connected.
    is_active: bool,
}

impl From<&UserProfile> for UserProfileDto {
    fn from(profile: &UserProfile) -> Self {
        let name = |group: &Group| GroupName {
            id: group.id.to_string(),
            name: group.name.clone(),
        };
        Self {
            user: (&profile.user).into(),
            groups: profile.groups.iter().map(name).collect(),
            is_active: profile.is_active,
        }
    }
}

/// Whether a user is active.
#[derive(Object)]
pub(super) struct UserActivityDto {
    /// Whether the user was active in the last minutes or is connected.
    pub(super) active: bool,
}

/// Settings of the front end to be merged into the stored ones.
#[derive(Object)]
pub(super) struct UserSettings {
    /// Settings of the user interface; they replace the stored ones as a whole.
    ui: Option<JsonObject>,
    #[oai(flatten)]
    extra: Extra,
}

impl UserSettings {
    pub(super) fn into_fields(self) -> Map<String, Value> {
        let mut fields = self.extra.0;
        fields.insert("ui".to_owned(), Value::Object(self.ui.unwrap_or_default().0));
        fields
    }
}

/// A status line; what is left out stays.
#[derive(Object)]
pub(super) struct UserStatus {
    /// An emoji.
    #[oai(validator(max_length = 1000))]
    status_emoji: Option<String>,
    /// A text.
    #[oai(validator(max_length = 10000))]
    status_message: Option<String>,
    /// When it ends, in seconds since 1970.
    status_expires_at: Option<i64>,
}

impl From<UserStatus> for SetStatus {
    fn from(form: UserStatus) -> Self {
        Self {
            emoji: form.status_emoji,
            message: form.status_message,
            expires_at: form.status_expires_at,
        }
    }
}

/// What an administrator changes in an account.
#[derive(Object)]
pub(super) struct UserUpdateForm {
    /// `admin`, `user` or `pending`.
    role: String,
    /// Display name.
    #[oai(validator(max_length = 1000))]
    name: String,
    /// E-mail address; no other account may have it.
    #[oai(validator(max_length = 320))]
    email: String,
    /// A path, a web address or a data URL.
    #[oai(validator(max_length = 1048576))]
    profile_image_url: String,
    /// A new password; empty or left out keeps the old one.
    password: Option<String>,
}

impl TryFrom<UserUpdateForm> for UpdateUser {
    type Error = UnknownRole;

    fn try_from(form: UserUpdateForm) -> Result<Self, UnknownRole> {
        Ok(Self {
            role: form.role.parse::<Role>()?,
            name: form.name,
            email: form.email,
            profile_image_url: form.profile_image_url,
            password: form
                .password
                .filter(|password| !password.is_empty())
                .map(SecretString::from),
        })
    }
}
