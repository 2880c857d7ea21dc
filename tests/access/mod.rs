//! Who is let in where, for every operation of `openapi/openapi.json`: a new one fails these tests until its room
//! submits who may call it (`rooms`).

mod objects;
mod other_users;
mod required_role;
