//! Where the SQL of the two backends differs: functions of one name, one module a backend.

#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "sqlite")]
pub mod sqlite;
