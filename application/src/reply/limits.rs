use keelson_domain::config::deployment::Completion;
use keelson_domain::model::ProviderError;

use super::answer::Answer;

/// How much of a reply is kept in memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReplyLimits {
    /// The longest line of a stream, in bytes.
    pub(crate) max_line: usize,
    /// The longest answer, reasoning included, in bytes.
    pub(crate) max_answer: usize,
}

impl From<&Completion> for ReplyLimits {
    fn from(options: &Completion) -> Self {
        Self {
            max_line: options.max_line,
            max_answer: options.max_answer,
        }
    }
}

impl ReplyLimits {
    /// Whether an answer may grow on.
    ///
    /// # Errors
    /// [`ProviderError::TooLong`].
    pub(crate) fn check(&self, answer: &Answer) -> Result<(), ProviderError> {
        if answer.len() <= self.max_answer {
            return Ok(());
        }
        Err(ProviderError::TooLong {
            limit: self.max_answer,
            setting: "KEELSON_ANSWER_LIMIT",
        })
    }
}
