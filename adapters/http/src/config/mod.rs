//! Settings that admins change at run time: connections, code execution, models, banners; export and import.

mod api;
mod appearance;
mod form;

pub use api::ConfigApi;
pub use appearance::AppearanceApi;
pub(crate) use form::settings_form;
