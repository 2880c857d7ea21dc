//! Models: what providers offer, what the workspace adds, and how they are asked.

mod provider;

pub use provider::{ByteStream, Connection, ModelProvider, ProviderError, ProviderReply, ProviderRequest};
