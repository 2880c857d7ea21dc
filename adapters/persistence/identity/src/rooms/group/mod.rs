//! Groups in the tables `group` and `group_member`.

use super::{Database, RunQueryDsl};

mod membership;
mod repository;

pub use membership::GroupMembers;
pub use repository::Groups;
