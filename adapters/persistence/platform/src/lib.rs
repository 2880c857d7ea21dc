//! keelson-persistence-platform.
