//! Settings that admins change at run time: connections, code execution, models, banners; export and import.

mod api;
mod appearance;
mod error;
mod form;
mod shown;
mod tool_servers;

pub use api::ConfigApi;
pub use appearance::AppearanceApi;
pub(crate) use form::settings_form;
pub(crate) use shown::named;
#[cfg(test)]
pub(crate) use shown::unknown;
pub use tool_servers::ToolServersApi;
