use keelson_domain::shared::Timestamp;

/// Whether one use of Redis works, for `/ready` and metrics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// What Redis is used for: `tasks`, `presence`…
    pub name: &'static str,
    /// Whether it works; if not, this instance goes on with what it knows itself.
    pub up: bool,
    /// Since when it is so.
    pub since: Timestamp,
}
