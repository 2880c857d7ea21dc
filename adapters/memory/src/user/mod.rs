//! Accounts in process memory.

mod activity;

pub use activity::MemoryActivity;
