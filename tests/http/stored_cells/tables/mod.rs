//! The tables that are tried: their rows, and the paths that read them.

mod conversations;
mod identity;
mod workspace;

use conversations::{ANSWER, CHAT, FEEDBACK, FOLDER, MEMORY, TAG};
use identity::{GROUP, USER};
use workspace::{CHANNEL, FILE, FUNCTION, KNOWLEDGE, MEMBER, MESSAGE, MODEL, NOTE, PROMPT, TOOL};

/// A table whose cells are tried.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// What adds a row, with `{row}` for its name, `{n}` for its number and `{ben}` for the id of its owner.
    pub(super) insert: &'static str,
    /// What takes all rows away.
    pub(super) clean: &'static str,
    /// What is true of a row alone.
    pub(super) is_row: &'static str,
    /// The columns that name a row, each by a value of its own, which are not tried.
    pub(super) keys: &'static [&'static str],
    /// The columns that decide in which lists a row stands, or where in them.
    pub(super) placing: &'static [&'static str],
    /// The lists that read it.
    pub(super) lists: &'static [&'static str],
    /// The paths that read one row, with `{row}` for its name.
    pub(super) reads: &'static [&'static str],
    /// What changes one row, and deletes it at last: method, path, body.
    pub(super) changes: &'static [(&'static str, &'static str, &'static str)],
    /// The list that shows what strangers may read.
    pub(super) public: Option<&'static str>,
}

const NONE: Table = Table {
    name: "",
    insert: "",
    clean: "",
    is_row: "id LIKE '{row}%'",
    keys: &["id"],
    placing: &[],
    lists: &[],
    reads: &[],
    changes: &[],
    public: None,
};

/// The lists that only admins read.
pub(super) const OF_ADMINS: [&str; 14] = [
    "/models/model/",
    "/users/?",
    "/users/all",
    "/users/search",
    "/users/row-",
    "/groups/",
    "/chats/all/db",
    "/chats/list/user/",
    "/models/base",
    "/models/export",
    "/functions/",
    "/channels/list",
    "/feedbacks/all",
    "/feedbacks/list",
];

/// Tables with rows that no list and no read shows by what their cells hold, with the reason.
pub(super) const NOT_SHOWN: [(&str, &str); 12] = [
    ("api_key", "keys are found by themselves"),
    ("auth", "passwords are looked up by their account"),
    ("channel_file", "no operation reads it"),
    ("channel_webhook", "no operation reads it"),
    ("chat_file", "no operation reads it"),
    (
        "config",
        "nothing may stand in for settings: tests/contract/unreadable_rows.rs",
    ),
    (
        "group_member",
        "it holds keys and times alone, which are not read",
    ),
    ("keelson_revocation", "it is read at the start alone"),
    (
        "keelson_token_cutoff",
        "what cannot be read lets nobody in, and no list reads it",
    ),
    ("knowledge_file", "no operation reads it"),
    ("message_reaction", "no operation reads it"),
    ("oauth_session", "no operation reads it"),
];

/// All tables that are tried.
pub(super) const TABLES: &[Table] = &[
    USER, GROUP, CHAT, ANSWER, FOLDER, TAG, MODEL, TOOL, FUNCTION, PROMPT, KNOWLEDGE, FILE, NOTE, CHANNEL,
    MEMBER, MESSAGE, MEMORY, FEEDBACK,
];
