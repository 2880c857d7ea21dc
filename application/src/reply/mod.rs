//! What a model answers: how a provider's reply is read, whatever server it comes from.
//!
//! `reader.rs` reads a reply, streamed (`sse.rs` splits it into lines) or as one document. `content.rs` finds reasoning and
//! text in a message, `reasoning.rs` those that only tags tell apart (outside of code, which `code.rs` knows), `answer.rs`
//! assembles both as blocks. `failure.rs` says what a provider reports instead of an answer, `usage.rs` what it counted. `limits.rs` bounds what is kept.
//!
//! Stands below the rooms that ask models (`generation`, `completion`) and imports none of them.

mod answer;
mod code;
mod content;
mod failure;
mod limits;
mod reader;
mod reasoning;
mod sse;
mod usage;

pub(crate) use failure::shown_error;
pub(crate) use limits::ReplyLimits;
pub(crate) use reader::{Chunk, Event, ReplyReader};
pub(crate) use reasoning::ReasoningTags;
pub(crate) use sse::LineBuffer;
