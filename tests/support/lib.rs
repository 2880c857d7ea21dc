//! What the integration tests share: servers, builders, recorders.
