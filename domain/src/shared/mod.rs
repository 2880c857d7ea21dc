//! What every room uses: time, identifiers, and the errors of stores.

mod clock;
mod error;
mod ids;
mod instance;
pub mod json;
mod locks;
mod text_id;

pub use clock::{Clock, Timestamp};
pub use error::{BoxError, StoreError, StoreResult};
pub use ids::Ids;
pub use instance::{Instance, InstanceId};
pub use locks::Locks;
pub use text_id::TextId;
