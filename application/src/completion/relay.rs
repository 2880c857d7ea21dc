use std::time::Duration;

use futures_util::StreamExt;
use keelson_domain::model::{ByteStream, ProviderError};
use keelson_domain::shared::Timestamp;
use serde_json::{Map, Value, json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::publisher::AnswerPublisher;
use crate::reply::{Chunk, Event, LineBuffer, ReplyLimits, ReplyReader};

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
    pub(super) reader: ReplyReader,
    limits: ReplyLimits,
    /// How many deltas are gathered at least before they are emitted (`stream_delta_chunk_size`).
    delta_chunk_size: u64,
    /// How many deltas came since the answer was last emitted.
    deltas_pending: u64,
    /// Fields of the provider's chunks that emitted deltas repeat: `id`, `object`, `created`, `model`.
    chunk_fields: Map<String, Value>,
    /// How many blocks of the answer were emitted.
    emitted_blocks: usize,
    /// How many bytes of the last block were emitted, if it is text.
    emitted_text: usize,
    /// The answer's length when it was last emitted whole.
    emitted_whole: usize,
    emitted_at: Option<Instant>,
    /// The answer's length when its checkpoint was last saved.
    saved: usize,
    /// How many intervals ago that was.
    intervals_since_saved: u32,
    /// Whether the usage changed since it was last emitted.
    has_new_usage: bool,
}

impl<'p> StreamRelay<'p> {
    pub(super) fn new(
        publisher: &'p mut AnswerPublisher,
        reader: ReplyReader,
        delta_chunk_size: u64,
        limits: ReplyLimits,
    ) -> Self {
        Self {
            publisher,
            reader,
            limits,
            delta_chunk_size,
            deltas_pending: 0,
            chunk_fields: Map::new(),
            emitted_blocks: 0,
            emitted_text: 0,
            emitted_whole: 0,
            emitted_at: None,
            saved: 0,
            intervals_since_saved: 0,
            has_new_usage: false,
        }
    }

    fn now(&self) -> Timestamp {
        self.publisher.clock.now()
    }

    /// Runs until the stream ends or is stopped; dropping the stream closes the connection to the provider.
    pub(super) async fn run(&mut self, mut body: ByteStream, stop: &CancellationToken) -> StreamEnd {
        let mut lines = LineBuffer::new(self.limits.max_line);
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
                            return StreamEnd::Interrupted(error);
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
        self.complete()
    }

    /// Handles one line; answers how the stream ended, if it did.
    async fn handle_line(&mut self, line: &[u8]) -> Option<StreamEnd> {
        match self.reader.read_line(line, self.now()) {
            Event::Nothing => None,
            Event::Done => Some(self.complete()),
            Event::Failed(error) => Some(StreamEnd::Reported(error)),
            Event::Chunk(chunk) => {
                self.handle_chunk(chunk).await;
                let answer = self.limits.check(&self.reader.answer);
                answer.err().map(StreamEnd::Interrupted)
            }
        }
    }

    /// Reads an answer that came as one document; answers how it ended.
    pub(super) async fn handle_document(&mut self, document: Value) -> StreamEnd {
        match self.reader.read_document(document, self.now()) {
            Event::Failed(error) => StreamEnd::Reported(error),
            Event::Nothing | Event::Done => self.complete(),
            Event::Chunk(chunk) => {
                let end = self.complete();
                if matches!(end, StreamEnd::Completed) {
                    let document = self.shown_document(chunk.document);
                    self.publisher.emit("chat:completion", document).await;
                }
                end
            }
        }
    }

    /// The end of a reply that came to its end.
    fn complete(&mut self) -> StreamEnd {
        match self.reader.finish(self.now()) {
            Ok(()) => StreamEnd::Completed,
            Err(error) => StreamEnd::Reported(error),
        }
    }

    async fn handle_chunk(&mut self, chunk: Chunk) {
        self.has_new_usage |= chunk.has_usage;
        if chunk.is_last {
            self.emit_whole().await;
            let last = self.shown_last_chunk(chunk.document);
            self.publisher.emit("chat:completion", last).await;
        } else if !chunk.has_choice {
            self.emit_usage().await;
        } else if chunk.has_grown {
            self.deltas_pending += 1;
            self.remember_chunk_fields(&chunk.document);
        } else if !chunk.has_content {
            // Content that did not make the answer grow may be the start of a tag: it is emitted once that is known.
            self.publisher.emit("chat:completion", chunk.document).await;
        }
    }

    /// The chunk that gives the reason for the end, without its content, which was emitted with the whole answer.
    fn shown_last_chunk(&mut self, mut document: Value) -> Value {
        if let Some(delta) = document.pointer_mut("/choices/0/delta") {
            for name in [
                "content",
                "reasoning_content",
                "reasoning",
                "thinking",
                "reasoning_details",
            ] {
                if let Some(content) = delta.get_mut(name).filter(|content| !content.is_null()) {
                    *content = json!("");
                }
            }
        }
        self.insert_usage(&mut document);
        document
    }

    /// A whole answer as the page reads it: with a text, whatever parts it came in.
    fn shown_document(&mut self, mut document: Value) -> Value {
        if let Some(content) = document.pointer_mut("/choices/0/message/content")
            && !content.is_string()
        {
            *content = json!(self.reader.answer.render());
        }
        self.insert_usage(&mut document);
        document
    }

    fn insert_usage(&mut self, document: &mut Value) {
        if let (Some(fields), Some(usage)) = (document.as_object_mut(), self.reader.usage.to_document()) {
            fields.insert("usage".to_owned(), usage);
            self.has_new_usage = false;
        }
    }

    /// Emits what the provider counted, if that changed.
    pub(super) async fn emit_usage(&mut self) {
        if std::mem::take(&mut self.has_new_usage)
            && let Some(usage) = self.reader.usage.to_document()
        {
            let data = json!({"usage": usage});
            self.publisher.emit("chat:completion", data).await;
        }
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
        let answer = &self.reader.answer;
        if self.deltas_pending < self.delta_chunk_size {
            return false;
        }
        if answer.is_reasoning() {
            let grown = answer.len().saturating_sub(self.emitted_whole);
            let least = if self.emitted_whole < SMALL_ANSWER {
                1
            } else {
                self.emitted_whole / 16
            };
            return grown >= least;
        }
        answer.block_count() > self.emitted_blocks || answer.text_len() > self.emitted_text
    }

    /// Emits what was not emitted yet: more text of a block as a delta, anything else as the whole answer, because a block of
    /// reasoning changes as it grows.
    async fn emit_pending(&mut self) {
        let answer = &self.reader.answer;
        let is_first_text = self.emitted_blocks == 0 && answer.block_count() == 1;
        let is_same_block = self.emitted_blocks == answer.block_count() && self.emitted_text > 0;
        if answer.is_reasoning() || !(is_first_text || is_same_block) {
            self.emit_whole().await;
            return;
        }
        let mut data = self.chunk_fields.clone();
        data.insert(
            "choices".to_owned(),
            json!([{
                "index": 0,
                "delta": {"role": "assistant", "content": answer.text_from(self.emitted_text)},
                "finish_reason": null,
            }]),
        );
        self.note_emission();
        self.publisher.emit("chat:completion", Value::Object(data)).await;
    }

    fn note_emission(&mut self) {
        self.emitted_blocks = self.reader.answer.block_count();
        self.emitted_text = self.reader.answer.text_len();
        self.emitted_at = Some(monotonic_now());
        self.deltas_pending = 0;
    }

    async fn emit_whole(&mut self) {
        if self.reader.answer.is_empty() {
            return;
        }
        self.note_emission();
        self.emitted_whole = self.reader.answer.len();
        let data = json!({"content": self.reader.answer.render()});
        self.publisher.emit("chat:completion", data).await;
    }

    /// Saves a checkpoint if the answer grew or the last is old, and emits the answer whole to new connections; `false`
    /// when the chat was deleted.
    async fn checkpoint(&mut self) -> bool {
        if self.publisher.take_full_resend().await {
            self.emit_whole().await;
        }
        self.intervals_since_saved += 1;
        let answer = &self.reader.answer;
        if answer.len() == self.saved && self.intervals_since_saved < RENEWAL {
            return true;
        }
        let fields = match answer.is_empty() {
            true => Map::new(),
            false => Map::from_iter([("content".to_owned(), json!(answer.render()))]),
        };
        self.saved = answer.len();
        self.intervals_since_saved = 0;
        self.publisher.save_checkpoint(fields).await
    }
}
