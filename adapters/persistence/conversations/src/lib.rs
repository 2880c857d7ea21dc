//! keelson-persistence-conversations.
