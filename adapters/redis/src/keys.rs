//! The names of keys and channels. Those without `keelson` in them are the reference's.

/// The channel of python-socketio's Redis manager, which has no prefix.
pub(crate) const SOCKETIO: &str = "socketio";

/// Builds keys from the prefix (`REDIS_KEY_PREFIX`).
#[derive(Debug, Clone)]
pub(crate) struct Keys(String);

impl Keys {
    pub(crate) fn new(prefix: &str) -> Self {
        Self(prefix.to_owned())
    }

    /// `{p}:{rest}`.
    pub(crate) fn key(&self, rest: impl std::fmt::Display) -> String {
        format!("{}:{rest}", self.0)
    }

    /// Prefix of the keys of changed settings.
    pub(crate) fn config(&self) -> String {
        self.key("config:")
    }

    /// Prefix of the keys of revoked tokens.
    pub(crate) fn tokens(&self) -> String {
        self.key("auth:token:")
    }

    /// The key that revokes a token.
    pub(crate) fn revoked(&self, token_id: &str) -> String {
        self.key(format_args!("auth:token:{token_id}:revoked"))
    }

    pub(crate) fn models(&self) -> String {
        self.key("models")
    }

    pub(crate) fn tasks(&self) -> String {
        self.key("tasks")
    }

    pub(crate) fn tasks_of(&self, item: &str) -> String {
        self.key(format_args!("tasks:item:{item}"))
    }

    /// Companion of `tasks`: who owns a task and which instance runs it.
    pub(crate) fn task_details(&self) -> String {
        self.key("keelson:tasks")
    }

    pub(crate) fn task_commands(&self) -> String {
        self.key("tasks:commands")
    }

    /// The commands to stop tasks of the last minute.
    pub(crate) fn stops(&self) -> String {
        self.key("keelson:stops")
    }

    pub(crate) fn session_pool(&self) -> String {
        self.key("session_pool")
    }

    pub(crate) fn usage_pool(&self) -> String {
        self.key("usage_pool")
    }

    /// The channel on which instances publish that connections opened and closed.
    pub(crate) fn connections(&self) -> String {
        self.key("keelson:connections")
    }

    /// All instances that have, or had and did not clean up, entries in Redis.
    pub(crate) fn instances(&self) -> String {
        self.key("keelson:instances")
    }

    /// The lease of an instance.
    pub(crate) fn instance(&self, id: &str) -> String {
        self.key(format_args!("keelson:instance:{id}"))
    }

    /// The connections that an instance wrote to the session pool.
    pub(crate) fn connections_of(&self, instance: &str) -> String {
        self.key(format_args!("keelson:instance:{instance}:connections"))
    }
}
