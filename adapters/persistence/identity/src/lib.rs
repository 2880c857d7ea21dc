//! keelson-persistence-identity.
