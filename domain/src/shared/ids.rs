use uuid::Uuid;

/// Where the core gets fresh identifiers and randomness from.
pub trait Ids: Send + Sync {
    /// A fresh random UUID (version 4).
    fn uuid(&self) -> Uuid;

    /// Random bytes fit for secrets (API keys, generated passwords).
    fn secret_bytes(&self) -> [u8; 16];

    /// A number in `0..bound`, for choices that need no secrecy; 0 when `bound` is 0.
    fn pick(&self, bound: usize) -> usize;
}
