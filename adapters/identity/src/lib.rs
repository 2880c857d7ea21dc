//! keelson-identity.
