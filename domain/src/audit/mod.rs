//! The audit log: who changed what, when, from where.

mod entity;
mod policy;
mod ports;

pub use entity::{AuditEntry, AuditLevel, AuditedUser};
pub use policy::AuditPolicy;
pub use ports::AuditSink;
