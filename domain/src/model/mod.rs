//! Models: those of the workspace, and the protocol of the providers that serve them.

mod entity;
mod lists;
mod ports;
mod provider;
mod proxy;
mod shared;

pub use entity::{Model, ModelId};
pub use lists::{ModelLists, ModelOrder, ModelOwner, ModelQuery};
pub use ports::{ModelPorts, ModelRepository};
pub use provider::{
    ByteStream, Connection, ListedModels, Method, ModelProvider, ProviderCall, ProviderError, ProviderReply,
    ProviderRequest,
};
pub use proxy::{ProxyEndpoint, is_proxy_path, needs_model};
pub use shared::SharedModels;
