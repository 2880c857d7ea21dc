//! keelson-memory.
