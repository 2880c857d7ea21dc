//! The events that clients send: parsed, handed to the core, acknowledged.

use std::convert::Infallible;
use std::sync::Arc;

use keelson_application::realtime::{ChannelEvent, ChannelSignal, Realtime, RealtimeError};
use keelson_domain::channel::ChannelId;
use keelson_domain::chat::strip_nulls;
use keelson_domain::note::NoteId;
use serde_json::{Value, json};
use socketioxide::SocketIo;
use socketioxide::extract::{AckSender, Extension, SocketRef, TryData};
use socketioxide::handler::ConnectHandler;

use crate::connection::{ConnectionState, SocketConnection};

/// An acknowledgement without arguments.
const NOTHING: [(); 0] = [];

type State = Extension<Arc<ConnectionState>>;

/// Registers the handlers.
pub(crate) fn serve(io: &SocketIo, realtime: Arc<Realtime>) {
    // Before the client learns that it is connected, so that no event of it finds no handler.
    let prepare = async move |socket: SocketRef| -> Result<(), Infallible> {
        socket
            .extensions
            .insert(Arc::new(ConnectionState::new(realtime.clone())));
        socket.on("user-join", user_join);
        socket.on("heartbeat", heartbeat);
        socket.on("usage", usage);
        socket.on("join-channels", join_channels);
        socket.on("join-note", join_note);
        socket.on("events:channel", channel_event);
        socket.on_disconnect(disconnected);
        Ok(())
    };
    io.ns("/", connected.with(prepare));
}

fn report(what: &str, result: Result<(), RealtimeError>) {
    if let Err(error) = result {
        let source = std::error::Error::source(&error).map(ToString::to_string);
        tracing::error!(%error, source, event = what, "handling a client's event failed");
    }
}

/// What a client sent; nothing when it is no JSON. PostgreSQL keeps no null characters, so none comes in.
fn received<E>(data: Result<Value, E>) -> Value {
    let mut data = data.unwrap_or_default();
    strip_nulls(&mut data);
    data
}

/// The token in `{"auth": {"token": …}}`.
fn token(data: &Value) -> Option<&str> {
    data.get("auth")?.get("token")?.as_str()
}

fn acknowledge<T: serde::Serialize + ?Sized>(ack: AckSender, answer: &T) {
    if let Err(error) = ack.send(answer) {
        tracing::debug!(%error, "an acknowledgement could not be sent");
    }
}

async fn connected(socket: SocketRef, Extension(state): State, TryData(auth): TryData<Value>) {
    let auth = received(auth);
    let token = auth.get("token").and_then(Value::as_str);
    let result = state
        .realtime
        .connect(&SocketConnection(socket), &state.session, token)
        .await;
    report("connect", result);
}

async fn disconnected(socket: SocketRef, Extension(state): State) {
    state.closed.cancel();
    let result = state
        .realtime
        .close(&SocketConnection(socket), &state.session)
        .await;
    report("disconnect", result);
}

async fn user_join(
    socket: SocketRef,
    Extension(state): State,
    TryData(data): TryData<Value>,
    ack: AckSender,
) {
    let data = received(data);
    let connection = SocketConnection(socket);
    let joined = match token(&data) {
        Some(token) => state.realtime.join(&connection, &state.session, token).await,
        None => Ok(None),
    };
    match joined {
        Ok(Some(user)) => acknowledge(ack, &json!({"id": user.id, "name": user.name})),
        Ok(None) => acknowledge(ack, &NOTHING),
        Err(error) => {
            report("user-join", Err(error));
            acknowledge(ack, &NOTHING);
        }
    }
}

async fn heartbeat(socket: SocketRef, Extension(state): State, ack: AckSender) {
    let result = state
        .realtime
        .heartbeat(&SocketConnection(socket), &state.session)
        .await;
    report("heartbeat", result);
    acknowledge(ack, &NOTHING);
}

async fn usage(socket: SocketRef, Extension(state): State, TryData(data): TryData<Value>, ack: AckSender) {
    let data = received(data);
    if let Some(model) = data.get("model").and_then(Value::as_str) {
        report(
            "usage",
            state.realtime.use_model(&SocketConnection(socket), model).await,
        );
    }
    acknowledge(ack, &NOTHING);
}

async fn join_channels(
    socket: SocketRef,
    Extension(state): State,
    TryData(data): TryData<Value>,
    ack: AckSender,
) {
    if let Some(token) = token(&received(data)) {
        let joined = state
            .realtime
            .join(&SocketConnection(socket), &state.session, token)
            .await;
        report("join-channels", joined.map(drop));
    }
    acknowledge(ack, &NOTHING);
}

async fn join_note(
    socket: SocketRef,
    Extension(state): State,
    TryData(data): TryData<Value>,
    ack: AckSender,
) {
    let data = received(data);
    if let (Some(token), Some(note)) = (token(&data), data.get("note_id").and_then(Value::as_str)) {
        let note = NoteId::from(note);
        let joined = state
            .realtime
            .join_note(&SocketConnection(socket), &state.session, token, &note)
            .await;
        report("join-note", joined.map(drop));
    }
    acknowledge(ack, &NOTHING);
}

async fn channel_event(
    socket: SocketRef,
    Extension(state): State,
    TryData(data): TryData<Value>,
    ack: AckSender,
) {
    if let Some(event) = parse_channel_event(&received(data)) {
        let result = state
            .realtime
            .channel_event(&SocketConnection(socket), &state.session, event)
            .await;
        report("events:channel", result);
    }
    acknowledge(ack, &NOTHING);
}

fn parse_channel_event(data: &Value) -> Option<ChannelEvent> {
    let content = data.get("data")?;
    let signal = match content.get("type")?.as_str()? {
        "typing" => ChannelSignal::Typing(content.get("data")?.get("typing")?.as_bool()?),
        "last_read_at" => ChannelSignal::Read,
        _ => return None,
    };
    Some(ChannelEvent {
        channel: ChannelId::from(data.get("channel_id")?.as_str()?),
        message_id: data.get("message_id").and_then(Value::as_str).map(str::to_owned),
        signal,
    })
}
