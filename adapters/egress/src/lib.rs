//! The one way to addresses that users give: what lies in the operator's own network is out of their reach.
//!
//! `guard.rs` says which addresses are private, `resolve.rs` resolves a host once and lets only checked addresses
//! through, `webhooks.rs` posts notices. Whatever else fetches for a user gets its port implemented here too.

mod guard;
mod resolve;
mod webhooks;

pub use guard::BadAllowance;
pub use webhooks::Egress;
