//! Rows of accounts: `user`, `auth`, `api_key`, `group`, `group_member`.

mod accounts;
mod api_keys;
mod group_catalog;
mod groups;
mod rows;
mod users;

#[cfg(feature = "postgres")]
pub use postgres::*;
#[cfg(feature = "sqlite")]
pub use sqlite::*;

#[cfg(feature = "sqlite")]
mod sqlite {
    pub use crate::accounts::SqliteAccounts;
    pub use crate::api_keys::SqliteApiKeys;
    pub use crate::group_catalog::SqliteGroupCatalog;
    pub use crate::groups::SqliteGroups;
    pub use crate::users::SqliteUsers;
}

#[cfg(feature = "postgres")]
mod postgres {
    pub use crate::accounts::PgAccounts;
    pub use crate::api_keys::PgApiKeys;
    pub use crate::group_catalog::PgGroupCatalog;
    pub use crate::groups::PgGroups;
    pub use crate::users::PgUsers;
}
