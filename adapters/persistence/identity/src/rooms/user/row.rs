use chrono::NaiveDate;
use diesel::prelude::*;
use keelson_domain::shared::{StoreError, StoreResult, Timestamp};
use keelson_domain::user::{Role, User, UserChange, UserId};
use keelson_persistence_kit::{DateColumn, JsonColumn, RowDecoder, schema};
use serde_json::Value;

/// A row of `user`.
#[derive(Queryable, Selectable, Insertable, Clone)]
#[diesel(table_name = schema::user)]
pub(crate) struct UserRow {
    id: String,
    name: String,
    email: String,
    role: String,
    profile_image_url: String,
    created_at: i64,
    updated_at: i64,
    last_active_at: i64,
    settings: Option<JsonColumn>,
    info: Option<JsonColumn>,
    username: Option<String>,
    bio: Option<String>,
    gender: Option<String>,
    date_of_birth: Option<DateColumn>,
    profile_banner_image_url: Option<String>,
    timezone: Option<String>,
    presence_state: Option<String>,
    status_emoji: Option<String>,
    status_message: Option<String>,
    status_expires_at: Option<i64>,
    oauth: Option<JsonColumn>,
}

impl UserRow {
    pub(crate) fn into_domain(self) -> User {
        let row = RowDecoder::new("user", &self.id);
        let role = row.one_of("role", &self.role, "admin, user, pending");
        User {
            name: self.name,
            email: self.email,
            // What no role is may do the least.
            role: role.unwrap_or(Role::Pending),
            profile_image_url: self.profile_image_url,
            profile_banner_image_url: self.profile_banner_image_url,
            username: self.username,
            bio: self.bio,
            gender: self.gender,
            date_of_birth: row.date("date_of_birth", self.date_of_birth),
            timezone: self.timezone,
            presence_state: self.presence_state,
            status_emoji: self.status_emoji,
            status_message: self.status_message,
            status_expires_at: self.status_expires_at,
            settings: row.json("settings", self.settings),
            info: row.json("info", self.info),
            oauth: row.json("oauth", self.oauth),
            last_active_at: Timestamp::from_seconds(self.last_active_at),
            created_at: Timestamp::from_seconds(self.created_at),
            updated_at: Timestamp::from_seconds(self.updated_at),
            id: UserId::new(self.id),
        }
    }

    pub(crate) fn set_role(&mut self, role: Role) {
        self.role = role.as_str().to_owned();
    }

    pub(crate) fn from_domain(user: &User) -> StoreResult<Self> {
        Ok(Self {
            id: user.id.to_string(),
            name: user.name.clone(),
            email: user.email.clone(),
            role: user.role.as_str().to_owned(),
            profile_image_url: user.profile_image_url.clone(),
            created_at: user.created_at.seconds(),
            updated_at: user.updated_at.seconds(),
            last_active_at: user.last_active_at.seconds(),
            settings: user.settings.clone().map(JsonColumn::from),
            info: user.info.clone().map(JsonColumn::from),
            username: user.username.clone(),
            bio: user.bio.clone(),
            gender: user.gender.clone(),
            date_of_birth: user
                .date_of_birth
                .as_deref()
                .map(date)
                .transpose()?
                .map(DateColumn::from),
            profile_banner_image_url: user.profile_banner_image_url.clone(),
            timezone: user.timezone.clone(),
            presence_state: user.presence_state.clone(),
            status_emoji: user.status_emoji.clone(),
            status_message: user.status_message.clone(),
            status_expires_at: user.status_expires_at,
            oauth: user.oauth.clone().map(JsonColumn::from),
        })
    }
}

fn date(text: &str) -> StoreResult<NaiveDate> {
    text.parse().map_err(StoreError::unavailable)
}

/// What an update sets; `None` leaves a column alone.
#[derive(AsChangeset)]
#[diesel(table_name = schema::user)]
pub(crate) struct UserChangeRow {
    name: Option<String>,
    role: Option<&'static str>,
    profile_image_url: Option<String>,
    bio: Option<Option<String>>,
    gender: Option<Option<String>>,
    date_of_birth: Option<Option<NaiveDate>>,
    status_emoji: Option<Option<String>>,
    status_message: Option<Option<String>>,
    status_expires_at: Option<Option<i64>>,
    settings: Option<Value>,
    info: Option<Value>,
    updated_at: i64,
}

impl UserChangeRow {
    pub(crate) fn new(change: &UserChange, now: Timestamp) -> StoreResult<Self> {
        let change = change.clone();
        let date_of_birth = match change.date_of_birth {
            None => None,
            Some(None) => Some(None),
            Some(Some(text)) => Some(Some(date(&text)?)),
        };
        Ok(Self {
            name: change.name,
            role: change.role.map(Role::as_str),
            profile_image_url: change.profile_image_url,
            bio: change.bio,
            gender: change.gender,
            date_of_birth,
            status_emoji: change.status_emoji,
            status_message: change.status_message,
            status_expires_at: change.status_expires_at,
            settings: change.settings,
            info: change.info,
            updated_at: now.seconds(),
        })
    }
}
