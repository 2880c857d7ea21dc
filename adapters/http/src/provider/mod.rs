//! Replies of providers over HTTP: relayed as they come, declared as the documents of the OpenAI protocol.
//!
//! Stands below the rooms that ask providers (`model`, `completion`, `task`).

mod error;
mod reply;
mod request;
mod schema;

pub(crate) use error::provider_error;
pub(crate) use reply::relay;
pub(crate) use request::{RelayedBody, RelayedBytes};
pub(crate) use schema::{
    ChatCompletion, ChatCompletionForm, ChatMessage, EmbeddingForm, Embeddings, ProviderAnswer,
    ProviderDocument, Sound, SpeechForm,
};
