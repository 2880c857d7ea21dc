//! What a model is told besides the conversation: parameters, system prompts and the variables in them.
//!
//! Stands below the rooms that ask models (`model`, `generation`, `completion`) and imports none of them.

#[cfg(test)]
mod doubles;
mod escapes;
mod parameters;
mod system_prompt;
mod variables;

pub(crate) use parameters::{ParameterSource, apply_parameters};
pub(crate) use system_prompt::prepend_system_prompt;
pub(crate) use variables::{VariableSource, fill_variables};
