//! keelson-persistence-kit.
