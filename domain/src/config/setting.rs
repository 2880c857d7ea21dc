/// What a setting may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// Text.
    Text,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// A JSON array.
    List,
    /// A JSON object.
    Object,
    /// Text, a number, or nothing.
    Nullable,
}

/// One persistent setting: a row of [`super::table`].
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Position in [`super::table::ALL`] and in a snapshot.
    pub index: u16,
    /// Name in Redis (`{prefix}:config:{state_key}`); some settings have none.
    pub state_key: Option<&'static str>,
    /// Environment variable.
    pub env: &'static str,
    /// Dotted path in the stored tree.
    pub path: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// Default, as JSON.
    pub default: &'static str,
    /// Whether it must never be shown or logged.
    pub secret: bool,
}
