//! Pictures that models make: what admins set about them.

mod api;

pub use api::ImageApi;
