use keelson_domain::shared::Timestamp;

/// Whether one component that uses Redis works, for `/ready` and metrics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// The component: `tasks`, `presence`…
    pub name: &'static str,
    /// Whether it works; if not, this instance continues with local state.
    pub is_up: bool,
    /// When that changed last.
    pub since: Timestamp,
}
