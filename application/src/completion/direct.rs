use bytes::Bytes;
use futures_util::{StreamExt, stream};
use keelson_domain::auth::Caller;
use keelson_domain::model::ProviderReply;
use serde_json::json;

use super::{CompletionError, CompletionRequest, Completions};

impl Completions {
    /// Relays the provider's reply untouched; nothing is stored. A stream of an arena begins with one event that names the
    /// model that answers.
    pub(super) async fn relay(
        &self,
        caller: &Caller,
        request: CompletionRequest,
    ) -> Result<ProviderReply, CompletionError> {
        let model = self.models.resolve(caller, &request.model).await?;
        let payload = self.build_payload(caller, &request, &model).await?;
        let reply = model.provider.chat(&model.connection, payload).await?;
        let Some(selected) = &model.selected else {
            return Ok(reply);
        };
        Ok(match reply {
            ProviderReply::Json { status, mut body } => {
                if let Some(fields) = body.as_object_mut() {
                    fields.insert("selected_model_id".to_owned(), json!(selected));
                }
                ProviderReply::Json { status, body }
            }
            ProviderReply::Stream {
                status,
                content_type,
                body,
            } => {
                let first = format!("data: {}\n\n", json!({"selected_model_id": selected}));
                let first = stream::iter([Ok(Bytes::from(first))]);
                ProviderReply::Stream {
                    status,
                    content_type,
                    body: Box::pin(first.chain(body)),
                }
            }
        })
    }
}
