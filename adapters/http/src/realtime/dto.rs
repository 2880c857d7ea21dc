use keelson_application::realtime::Usage;
use poem_openapi::Object;

/// What is going on now.
#[derive(Object)]
#[oai(rename = "Usage")]
pub(super) struct UsageDto {
    /// Models in use, sorted.
    model_ids: Vec<String>,
    /// People active in the last three minutes.
    user_count: u64,
}

impl From<Usage> for UsageDto {
    fn from(usage: Usage) -> Self {
        Self {
            model_ids: usage.model_ids,
            user_count: usage.user_count,
        }
    }
}
