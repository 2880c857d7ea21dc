//! keelson-persistence-workspace.
