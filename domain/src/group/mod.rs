//! The `group` room.
