//! Who is let in where, for every operation of `openapi/openapi.json`: a new one fails these tests until it is in their
//! tables.

mod objects;
mod other_users;
mod required_role;

pub(crate) use objects::Objects;
