//! Requests to URLs that users give (protection against server-side request forgery): the operator's own network is out
//! of their reach.
//!
//! `policy.rs` says which addresses are allowed, `resolve.rs` resolves a host once and returns only allowed addresses,
//! `webhooks.rs` posts notifications, `documents.rs` fetches what the operator named. Whatever else fetches for a user
//! gets its port implemented here too.

mod documents;
mod policy;
mod resolve;
mod webhooks;

pub use policy::InvalidAllowEntry;
pub use webhooks::Egress;
