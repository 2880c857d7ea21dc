//! The names of keys and channels. Those without `keelson` in them are the reference's.

/// The channel of python-socketio's Redis manager, which has no prefix.
pub(crate) const SOCKETIO: &str = "socketio";

/// Makes names from the prefix (`REDIS_KEY_PREFIX`).
#[derive(Debug, Clone)]
pub(crate) struct Names(String);

impl Names {
    pub(crate) fn new(prefix: &str) -> Self {
        Self(prefix.to_owned())
    }

    /// `{p}:{rest}`.
    pub(crate) fn name(&self, rest: impl std::fmt::Display) -> String {
        format!("{}:{rest}", self.0)
    }

    /// Start of the keys of changed settings.
    pub(crate) fn config(&self) -> String {
        self.name("config:")
    }

    /// Start of the keys of revoked tokens.
    pub(crate) fn tokens(&self) -> String {
        self.name("auth:token:")
    }

    /// The key that revokes a token.
    pub(crate) fn revoked(&self, token_id: &str) -> String {
        self.name(format_args!("auth:token:{token_id}:revoked"))
    }

    pub(crate) fn tasks(&self) -> String {
        self.name("tasks")
    }

    pub(crate) fn tasks_of(&self, item: &str) -> String {
        self.name(format_args!("tasks:item:{item}"))
    }

    /// Companion of `tasks`: who owns a task and which instance runs it.
    pub(crate) fn task_facts(&self) -> String {
        self.name("keelson:tasks")
    }

    pub(crate) fn task_commands(&self) -> String {
        self.name("tasks:commands")
    }

    pub(crate) fn session_pool(&self) -> String {
        self.name("session_pool")
    }

    pub(crate) fn usage_pool(&self) -> String {
        self.name("usage_pool")
    }

    /// The channel on which instances say that pages opened and closed.
    pub(crate) fn pages(&self) -> String {
        self.name("keelson:pages")
    }

    /// All instances that may have left something behind.
    pub(crate) fn instances(&self) -> String {
        self.name("keelson:instances")
    }

    /// The lease of an instance.
    pub(crate) fn instance(&self, id: &str) -> String {
        self.name(format_args!("keelson:instance:{id}"))
    }

    /// The pages that an instance entered in the session pool.
    pub(crate) fn pages_of(&self, instance: &str) -> String {
        self.name(format_args!("keelson:instance:{instance}:pages"))
    }
}
