use keelson_domain::memory::Memory;
use poem_openapi::Object;

/// A memory.
#[derive(Object)]
#[oai(rename = "Memory")]
pub(super) struct MemoryDto {
    /// Identity.
    id: String,
    /// Whose it is.
    user_id: String,
    /// What is remembered.
    content: String,
    /// When it was last changed, in seconds since 1970.
    updated_at: i64,
    /// When it was made, in seconds since 1970.
    created_at: i64,
}

impl From<Memory> for MemoryDto {
    fn from(memory: Memory) -> Self {
        Self {
            id: memory.id.into_string(),
            user_id: memory.owner.into_string(),
            content: memory.content,
            updated_at: memory.updated_at.seconds(),
            created_at: memory.created_at.seconds(),
        }
    }
}
