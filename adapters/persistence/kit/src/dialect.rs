//! Where the SQL of the two backends differs: functions of one name, one module a backend.

/// SQLite.
pub mod sqlite {
    /// Locks what a transaction reads until it ends: nothing to add, the writer's transaction is immediate.
    pub const FOR_UPDATE: &str = "";

    /// A comparison that ignores case: SQLite's `LIKE` does for ASCII.
    pub const LIKE: &str = "LIKE";

    /// Text at a constant path of a JSON column, as text; `path` holds plain names only.
    pub fn json_text(column: &str, path: &[&str]) -> String {
        format!("json_extract({column}, '$.{}')", path.join("."))
    }
}

/// PostgreSQL.
pub mod postgres {
    /// Locks what a transaction reads until it ends.
    pub const FOR_UPDATE: &str = " FOR UPDATE";

    /// A comparison that ignores case.
    pub const LIKE: &str = "ILIKE";

    /// Text at a constant path of a JSON column, as text; `path` holds plain names only.
    pub fn json_text(column: &str, path: &[&str]) -> String {
        format!("{column} #>> '{{{}}}'", path.join(","))
    }
}
