//! Documents and the web as sources of answers: what admins set about them.

mod api;

pub use api::RetrievalApi;
