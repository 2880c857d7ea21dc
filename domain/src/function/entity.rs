use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::FunctionId;
use crate::shared::Timestamp;
use crate::user::UserId;

/// What a function does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FunctionKind {
    /// Changes what goes to models and what comes back.
    Filter,
    /// Answers in a model's place.
    Pipe,
    /// A button under messages.
    Action,
}

impl FunctionKind {
    /// The stored form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Filter => "filter",
            Self::Pipe => "pipe",
            Self::Action => "action",
        }
    }
}

/// The text is none of `filter`, `pipe` and `action`.
#[derive(Debug, thiserror::Error)]
#[error("a function is one of filter, pipe, action")]
pub struct UnknownFunctionKind;

impl FromStr for FunctionKind {
    type Err = UnknownFunctionKind;

    fn from_str(kind: &str) -> Result<Self, Self::Err> {
        match kind {
            "filter" => Ok(Self::Filter),
            "pipe" => Ok(Self::Pipe),
            "action" => Ok(Self::Action),
            _ => Err(UnknownFunctionKind),
        }
    }
}

/// A function. Its valves, which hold secrets, live elsewhere and are never listed.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// Identity.
    pub id: FunctionId,
    /// Who made it.
    pub owner: UserId,
    /// Name.
    pub name: String,
    /// What it does.
    pub kind: FunctionKind,
    /// Python source.
    pub content: String,
    /// Description and manifest.
    pub meta: Value,
    /// Whether it is on.
    pub is_active: bool,
    /// Whether it is on for every model.
    pub is_global: bool,
    /// Created (whole seconds).
    pub created_at: Timestamp,
    /// Last changed (whole seconds).
    pub updated_at: Timestamp,
}
