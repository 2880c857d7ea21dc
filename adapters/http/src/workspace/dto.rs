use keelson_application::workspace::{ListedChannel, Owners};
use keelson_domain::channel::Channel;
use keelson_domain::file::File;
use keelson_domain::function::Function;
use keelson_domain::knowledge::Knowledge;
use keelson_domain::memory::Memory;
use keelson_domain::note::Note;
use keelson_domain::prompt::Prompt;
use keelson_domain::tool::Tool;
use keelson_domain::user::UserId;
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

use crate::user::UserDto;

/// Whose a thing is; `null` when the account is gone.
fn owner(owners: &Owners, id: &UserId) -> Value {
    owners.get(id).map_or(
        Value::Null,
        |user| json!({"id": user.id, "name": user.name, "role": user.role, "email": user.email}),
    )
}

/// A tool as lists of what one may change show it.
pub(super) fn tool(tool: &Tool, owners: &Owners) -> Value {
    json!({
        "id": tool.id, "user_id": tool.owner, "name": tool.name, "meta": tool.meta,
        "access_control": tool.access_control, "updated_at": tool.updated_at.seconds(),
        "created_at": tool.created_at.seconds(), "user": owner(owners, &tool.owner),
    })
}

/// A tool as lists of what one may use show it.
pub(super) fn usable_tool(one: &Tool, owners: &Owners) -> Value {
    let mut entry = tool(one, owners);
    entry["content"] = json!(one.content);
    entry["specs"] = one.specs.clone();
    entry["has_user_valves"] = json!(one.has_user_valves());
    entry
}

/// A function without its source.
pub(super) fn function(function: &Function) -> Value {
    json!({
        "id": function.id, "user_id": function.owner, "type": function.kind, "name": function.name,
        "meta": function.meta, "is_active": function.is_active, "is_global": function.is_global,
        "updated_at": function.updated_at.seconds(), "created_at": function.created_at.seconds(),
    })
}

/// A function with its source and its author, for admins.
pub(super) fn full_function(one: &Function, owners: &Owners) -> Value {
    let mut entry = function(one);
    entry["content"] = json!(one.content);
    entry["user"] = owners.get(&one.owner).map_or(Value::Null, |user| {
        UserDto::from(user).to_json().unwrap_or_default()
    });
    entry
}

/// A prompt.
pub(super) fn prompt(prompt: &Prompt) -> Value {
    json!({
        "command": prompt.command, "user_id": prompt.owner, "title": prompt.title, "content": prompt.content,
        "timestamp": prompt.updated_at.seconds(), "access_control": prompt.access_control,
    })
}

/// A prompt and whose it is.
pub(super) fn owned_prompt(one: &Prompt, owners: &Owners) -> Value {
    let mut entry = prompt(one);
    entry["user"] = owner(owners, &one.owner);
    entry
}

/// A collection.
pub(super) fn knowledge(one: &Knowledge, write_access: bool, owners: &Owners) -> Value {
    json!({
        "id": one.id, "user_id": one.owner, "name": one.name, "description": one.description, "meta": one.meta,
        "access_control": one.access_control, "created_at": one.created_at.seconds(),
        "updated_at": one.updated_at.seconds(), "user": owner(owners, &one.owner), "write_access": write_access,
    })
}

/// A file, without where it lies.
pub(super) fn file(file: &File) -> Value {
    json!({
        "id": file.id, "user_id": file.owner, "hash": file.hash, "filename": file.filename, "data": file.data,
        "meta": file.meta, "created_at": file.created_at.seconds(), "updated_at": file.updated_at.seconds(),
    })
}

/// A memory.
pub(super) fn memory(memory: &Memory) -> Value {
    json!({
        "id": memory.id, "user_id": memory.owner, "content": memory.content,
        "updated_at": memory.updated_at.seconds(), "created_at": memory.created_at.seconds(),
    })
}

/// A note in a list.
pub(super) fn note(note: &Note, owners: &Owners) -> Value {
    json!({
        "id": note.head.id, "title": note.head.title, "data": note.data,
        "updated_at": note.head.updated_at.nanos(), "created_at": note.head.created_at.nanos(),
        "user": owner(owners, &note.head.owner),
    })
}

/// A channel.
pub(super) fn channel(channel: &Channel) -> Value {
    json!({
        "id": channel.id, "user_id": channel.owner, "type": channel.stored_kind, "name": channel.name,
        "description": channel.description, "is_private": channel.is_private, "data": channel.data,
        "meta": channel.meta, "access_control": channel.access_control,
        "created_at": channel.created_at.nanos(), "updated_at": channel.updated_at.nanos(),
        "updated_by": channel.updated_by, "archived_at": channel.archived_at.map(|at| at.nanos()),
        "archived_by": channel.archived_by, "deleted_at": channel.deleted_at.map(|at| at.nanos()),
        "deleted_by": channel.deleted_by,
    })
}

/// A channel with what waits in it; `active` says who is there.
pub(super) fn listed_channel(listed: &ListedChannel, active: &[UserId]) -> Value {
    let mut entry = channel(&listed.channel);
    let people = listed.people.as_ref();
    entry["user_ids"] = json!(people.map(|all| all.iter().map(|user| &user.id).collect::<Vec<_>>()));
    entry["users"] = json!(people.map(|all| {
        let shown = all.iter().map(|user| {
            json!({
                "id": user.id, "name": user.name, "is_active": active.contains(&user.id),
                "status_emoji": user.status_emoji, "status_message": user.status_message,
                "status_expires_at": user.status_expires_at,
            })
        });
        shown.collect::<Vec<_>>()
    }));
    entry["last_message_at"] = json!(listed.unread.last_message_at.map(|at| at.nanos()));
    entry["unread_count"] = json!(listed.unread.count);
    entry
}
