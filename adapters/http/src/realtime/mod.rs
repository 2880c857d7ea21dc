//! What open pages do now. Events travel over sockets, not here.

mod api;
mod dto;

pub(crate) use api::RealtimeApi;
