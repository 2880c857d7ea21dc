//! What the socket server reads from the database, over SQLite in memory.

use std::sync::Arc;

use keelson_domain::channel::{ChannelMembership, ChannelRepository};
use keelson_domain::note::NoteHeads;
use keelson_domain::shared::Timestamp;
use keelson_domain::user::{UserActivity, UserId, UserRepository};
use keelson_persistence_kit::Database;
use serde_json::json;

/// A database, and the ports over it.
#[derive(Clone)]
pub(super) struct Rows {
    database: Database,
    pub(super) membership: Arc<dyn ChannelMembership>,
    pub(super) note_heads: Arc<dyn NoteHeads>,
    pub(super) activity: Arc<dyn UserActivity>,
    channels: Arc<dyn ChannelRepository>,
    users: Arc<dyn UserRepository>,
}

impl Rows {
    pub(super) async fn new() -> Self {
        let database = Database::in_memory().await.unwrap();
        let workspace = keelson_persistence_workspace::ports(&database);
        let identity = keelson_persistence_identity::ports(&database);
        Self {
            database,
            membership: workspace.channel.membership,
            note_heads: workspace.note.heads,
            activity: identity.user.activity,
            channels: workspace.channel.repository,
            users: identity.user.repository,
        }
    }

    async fn run(&self, statements: String) {
        self.database.run_script(&statements).await.unwrap();
    }

    /// Makes a user a member of a channel, which is made where it is missing.
    pub(super) async fn add_member(&self, user: &UserId, channel: &str) {
        self.run(format!(
            "INSERT OR IGNORE INTO channel (id, user_id, name, type, created_at, updated_at) VALUES \
                 ('{channel}', 'maker', '{channel}', 'group', 1, 1); \
             INSERT INTO channel_member (id, channel_id, user_id, joined_at) VALUES \
                 ('{channel}-{user}', '{channel}', '{user}', 1);"
        ))
        .await;
    }

    pub(super) async fn remove_member(&self, user: &UserId, channel: &str) {
        self.run(format!(
            "DELETE FROM channel_member WHERE channel_id = '{channel}' AND user_id = '{user}';"
        ))
        .await;
    }

    /// Posts a message of somebody else in a channel.
    pub(super) async fn add_message(&self, channel: &str, at: Timestamp) {
        self.run(format!(
            "INSERT INTO message (id, user_id, channel_id, created_at) VALUES ('{channel}-1', 'maker', '{channel}', {});",
            at.nanos()
        ))
        .await;
    }

    /// How many messages wait for a member.
    pub(super) async fn unread(&self, user: &UserId, channel: &str) -> i64 {
        let waiting = self.channels.unread(user, &[channel.into()]).await.unwrap();
        waiting[0].count
    }

    /// Adds a note that a user may read.
    pub(super) async fn add_note(&self, note: &str, reader: &UserId) {
        let rules = json!({"read": {"user_ids": [reader], "group_ids": []}});
        self.run(format!(
            "INSERT INTO note (id, user_id, title, access_control) VALUES ('{note}', 'maker', '{note}', '{rules}');"
        ))
        .await;
    }

    /// Adds an account that was last active then.
    pub(super) async fn add_user(&self, user: &UserId, last_active_at: Timestamp) {
        self.run(format!(
            "INSERT INTO \"user\" (id, name, email, role, profile_image_url, created_at, updated_at, last_active_at) VALUES \
                 ('{user}', '{user}', '{user}@example.test', 'user', '', 1, 1, {});",
            last_active_at.seconds()
        ))
        .await;
    }

    /// When an account was last active, epoch seconds.
    pub(super) async fn last_active_at(&self, user: &UserId) -> i64 {
        let user = self.users.find(user).await.unwrap().unwrap();
        user.last_active_at.seconds()
    }
}
