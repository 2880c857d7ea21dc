use std::time::Duration;

use futures_util::StreamExt;
use keelson_domain::model::{ByteStream, ProviderError};
use keelson_domain::shared::Timestamp;
use serde_json::{Map, Value, json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::answer::Answer;
use super::publisher::AnswerPublisher;
use super::sse::{LineBuffer, parse_data};

/// The least time between two emitted deltas: 30 a second look fluent.
const EMIT_INTERVAL: Duration = Duration::from_millis(33);

/// How often a checkpoint of an answer is saved while it grows.
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(1);

/// After how many intervals without growth the checkpoint is saved again, so that it does not look abandoned.
const RENEWAL: u32 = 10;

/// Below this many bytes an answer with reasoning is emitted whole at every interval; above it only when it grew by a
/// sixteenth, so that the bytes emitted stay in proportion to those received.
const SMALL_ANSWER: usize = 4096;

/// Time that only paces: it is neither stored nor emitted, so it needs no port.
#[expect(clippy::disallowed_methods, reason = "the one place: pacing")]
fn monotonic_now() -> Instant {
    Instant::now()
}

/// How a stream ended.
pub(super) enum StreamEnd {
    /// The provider finished the answer.
    Completed,
    /// The task was stopped, or its chat was deleted.
    Cancelled,
    /// The provider reported an error in the stream.
    Reported(Value),
    /// The stream broke off.
    Interrupted(ProviderError),
}

/// Relays one provider stream to the owner's connections: parses deltas once, emits them coalesced, saves a checkpoint
/// every second.
pub(super) struct StreamRelay<'p> {
    pub(super) publisher: &'p mut AnswerPublisher,
    pub(super) answer: Answer,
    pub(super) usage: Option<Value>,
    /// Fields of the provider's chunks that emitted deltas repeat: `id`, `object`, `created`, `model`.
    chunk_fields: Map<String, Value>,
    /// How many bytes of the text were emitted.
    emitted_text: usize,
    /// The answer's length when it was last emitted whole.
    emitted_whole: usize,
    emitted_at: Option<Instant>,
    /// The answer's length when its checkpoint was last saved.
    saved: usize,
    /// How many intervals ago that was.
    intervals_since_saved: u32,
    is_finished: bool,
}

impl<'p> StreamRelay<'p> {
    pub(super) fn new(publisher: &'p mut AnswerPublisher) -> Self {
        Self {
            publisher,
            answer: Answer::default(),
            usage: None,
            chunk_fields: Map::new(),
            emitted_text: 0,
            emitted_whole: 0,
            emitted_at: None,
            saved: 0,
            intervals_since_saved: 0,
            is_finished: false,
        }
    }

    fn now(&self) -> Timestamp {
        self.publisher.clock.now()
    }

    /// Runs until the stream ends or is stopped; dropping the stream closes the connection to the provider.
    pub(super) async fn run(
        &mut self,
        mut body: ByteStream,
        max_line: usize,
        stop: &CancellationToken,
    ) -> StreamEnd {
        let mut lines = LineBuffer::new(max_line);
        let mut checkpoint =
            tokio::time::interval_at(monotonic_now() + CHECKPOINT_INTERVAL, CHECKPOINT_INTERVAL);
        loop {
            let has_pending = self.has_pending();
            let due = self
                .emitted_at
                .map_or_else(monotonic_now, |at| at + EMIT_INTERVAL);
            tokio::select! {
                biased;
                () = stop.cancelled() => return StreamEnd::Cancelled,
                _ = checkpoint.tick() => if !self.checkpoint().await {
                    tracing::info!(chat = %self.publisher.target.chat, "answer stopped: its chat was deleted");
                    return StreamEnd::Cancelled;
                },
                () = tokio::time::sleep_until(due), if has_pending => self.emit_pending().await,
                chunk = body.next() => match chunk {
                    Some(Ok(chunk)) => {
                        if let Err(error) = lines.push(&chunk) {
                            return StreamEnd::Interrupted(ProviderError::Unreadable(error.to_string()));
                        }
                        while let Some(line) = lines.next_line() {
                            if let Some(end) = self.handle_line(&line).await {
                                return end;
                            }
                        }
                    }
                    Some(Err(error)) => return StreamEnd::Interrupted(error),
                    None => return self.handle_eof(&mut lines).await,
                },
            }
        }
    }

    async fn handle_eof(&mut self, lines: &mut LineBuffer) -> StreamEnd {
        if let Some(line) = lines.take_rest()
            && let Some(end) = self.handle_line(&line).await
        {
            return end;
        }
        if self.is_finished {
            return StreamEnd::Completed;
        }
        StreamEnd::Interrupted(ProviderError::Broken("the stream ended in the middle".into()))
    }

    /// Handles one line; answers how the stream ended, if it did.
    async fn handle_line(&mut self, line: &[u8]) -> Option<StreamEnd> {
        let data = parse_data(line)?;
        if data == b"[DONE]" {
            return Some(StreamEnd::Completed);
        }
        let Ok(chunk) = serde_json::from_slice::<Value>(data) else {
            tracing::debug!("a line of the provider's stream is not valid JSON");
            return None;
        };
        if let Some(error) = chunk.get("error").filter(|error| !error.is_null()) {
            return Some(StreamEnd::Reported(error.clone()));
        }
        if let Some(usage) = chunk.get("usage").filter(|usage| usage.is_object()) {
            self.usage = Some(usage.clone());
        }
        let choice = &chunk["choices"][0];
        let now = self.now();
        let is_last = choice["finish_reason"].is_string();
        let has_grown = self.answer.push(&choice["delta"], now);
        if is_last {
            self.is_finished = true;
            self.answer.finish(now);
            self.emit_whole().await;
        }
        if has_grown && !is_last {
            self.remember_chunk_fields(&chunk);
            return None;
        }
        if choice.is_null() {
            if let Some(usage) = &self.usage {
                self.publisher
                    .emit("chat:completion", json!({"usage": usage}))
                    .await;
            }
            return None;
        }
        // Content that did not make the answer grow may be the start of a tag: it is emitted once that is known.
        let has_no_content = choice["delta"]["content"].as_str().is_none_or(str::is_empty);
        if has_no_content || is_last {
            self.publisher.emit("chat:completion", chunk).await;
        }
        None
    }

    fn remember_chunk_fields(&mut self, chunk: &Value) {
        if self.chunk_fields.is_empty() {
            for name in ["id", "object", "created", "model"] {
                if let Some(value) = chunk.get(name) {
                    self.chunk_fields.insert(name.to_owned(), value.clone());
                }
            }
        }
    }

    /// Whether there is enough that was not emitted yet.
    fn has_pending(&self) -> bool {
        if self.answer.is_reasoning() {
            let grown = self.answer.len().saturating_sub(self.emitted_whole);
            let least = if self.emitted_whole < SMALL_ANSWER {
                1
            } else {
                self.emitted_whole / 16
            };
            return grown >= least;
        }
        self.answer.text_len() > self.emitted_text
    }

    /// Emits what was not emitted yet: text as a delta, reasoning as the whole answer, because its block changes as it
    /// grows.
    async fn emit_pending(&mut self) {
        let is_first_text = self.emitted_text == 0 && self.emitted_whole > 0;
        if self.answer.is_reasoning() || is_first_text {
            self.emit_whole().await;
            return;
        }
        let mut data = self.chunk_fields.clone();
        data.insert(
            "choices".to_owned(),
            json!([{
                "index": 0,
                "delta": {"role": "assistant", "content": self.answer.text_from(self.emitted_text)},
                "finish_reason": null,
            }]),
        );
        self.emitted_text = self.answer.text_len();
        self.emitted_at = Some(monotonic_now());
        self.publisher.emit("chat:completion", Value::Object(data)).await;
    }

    async fn emit_whole(&mut self) {
        if self.answer.is_empty() {
            return;
        }
        self.emitted_text = self.answer.text_len();
        self.emitted_whole = self.answer.len();
        self.emitted_at = Some(monotonic_now());
        let data = json!({"content": self.answer.render()});
        self.publisher.emit("chat:completion", data).await;
    }

    /// Saves a checkpoint if the answer grew or the last is old, and emits the answer whole to new connections; `false`
    /// when the chat was deleted.
    async fn checkpoint(&mut self) -> bool {
        if self.publisher.take_full_resend().await {
            self.emit_whole().await;
        }
        self.intervals_since_saved += 1;
        if self.answer.len() == self.saved && self.intervals_since_saved < RENEWAL {
            return true;
        }
        self.saved = self.answer.len();
        self.intervals_since_saved = 0;
        let fields = match self.answer.is_empty() {
            true => Map::new(),
            false => Map::from_iter([("content".to_owned(), json!(self.answer.render()))]),
        };
        self.publisher.save_checkpoint(fields).await
    }
}
