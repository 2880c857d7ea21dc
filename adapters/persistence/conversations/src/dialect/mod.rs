//! What differs between the backends in these rooms, on top of the kit's dialect: functions of one name, one module a
//! backend.

#[cfg(feature = "postgres")]
pub(crate) mod postgres;
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite;
