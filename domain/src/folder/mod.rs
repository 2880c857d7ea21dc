//! The `folder` room.
