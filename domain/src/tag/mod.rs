//! The `tag` room.
