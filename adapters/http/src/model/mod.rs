//! Models and connections to providers over HTTP.

mod api;
mod connections;
mod dto;
mod error;
mod exchange;
mod lists;
mod proxy;
mod workspace;

pub use api::ModelApi;
pub use connections::OpenAiApi;
pub use exchange::ModelExchangeApi;
pub use lists::ModelListApi;
pub use proxy::ProviderProxyApi;
pub use workspace::WorkspaceModelApi;
