//! Models: what providers offer, what the workspace adds, and how they are asked.

mod entity;
mod ports;
mod provider;

pub use entity::{Model, ModelId};
pub use ports::ModelRepository;
pub use provider::{
    ByteStream, Connection, Method, ModelProvider, ProviderCall, ProviderError, ProviderReply,
    ProviderRequest,
};
