/// Makes a repository for each backend from one body.
///
/// `$body!(Name, Db, dialect)` is a macro of the room that defines the struct `Name(Db)` and implements the
/// room's port for it; `dialect` is `sqlite` or `postgres`, to name a module of [`crate::dialect`].
///
/// ```ignore
/// macro_rules! settings_rows {
///     ($name:ident, $db:ty, $dialect:ident) => {
///         /// …
///         pub struct $name(pub $db);
///         #[async_trait]
///         impl SettingsStore for $name { … }
///     };
/// }
/// keelson_persistence_kit::repositories!(settings_rows, SqliteSettings, PgSettings);
/// ```
#[macro_export]
macro_rules! repositories {
    ($body:ident, $sqlite:ident, $postgres:ident) => {
        #[cfg(feature = "sqlite")]
        $body!($sqlite, $crate::SqliteDb, sqlite);
        #[cfg(feature = "postgres")]
        $body!($postgres, $crate::PgDb, postgres);
    };
}
