use keelson_domain::auth::Caller;
use keelson_domain::chat::{ChatQuery, ChatSummary, Place, Tagged};
use keelson_domain::folder::Folder;
use keelson_domain::tag::{RESERVED, tag_id};

use super::{ChatError, Chats};

/// Chats on one page of results (the reference's number).
const PAGE: i64 = 60;

impl Chats {
    /// Finds chats by words in titles and messages, and by `tag:`, `folder:`, `pinned:`, `archived:` and `shared:`.
    /// Archived chats are found only where asked for.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn search(
        &self,
        caller: &Caller,
        text: &str,
        page: i64,
    ) -> Result<Vec<ChatSummary>, ChatError> {
        // PostgreSQL knows no null characters, and nothing stored holds any.
        let text = &text.replace('\0', "");
        let folders = if text.to_lowercase().contains("folder:") {
            self.folders.list(caller.id()).await?
        } else {
            Vec::new()
        };
        let mut query = parse(text, &folders);
        query.skip = (page.max(1) - 1).saturating_mul(PAGE);
        query.limit = Some(PAGE);
        let turn = self.searches.take(caller.id()).await?;
        let found = self.lists.list(caller.id(), &query).await?;
        drop(turn);
        // A tag that was searched for alone and that no chat has any more is an orphan of old data.
        if let (Tagged::With(tags), true, true) = (&query.tagged, found.is_empty(), query.text.is_none()) {
            self.tags.delete_unused(caller.id(), tags).await?;
        }
        Ok(found)
    }

    /// A page of the caller's chats that have a tag.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn tagged(
        &self,
        caller: &Caller,
        name: &str,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<ChatSummary>, ChatError> {
        let query = ChatQuery {
            tagged: Tagged::With(vec![tag_id(name)]),
            skip: skip.max(0),
            limit: Some(limit.max(0)),
            ..ChatQuery::default()
        };
        Ok(self.lists.list(caller.id(), &query).await?)
    }
}

/// What a search asks for.
fn parse(text: &str, folders: &[Folder]) -> ChatQuery {
    let mut query = ChatQuery::default();
    let mut words = Vec::new();
    let mut tags = Vec::new();
    let mut named = None;
    for word in text.split_whitespace() {
        match word.to_lowercase().split_once(':') {
            Some(("tag", name)) => tags.push(tag_id(name)),
            Some(("folder", name)) => named.get_or_insert_with(Vec::new).push(name.replace('_', " ")),
            Some(("pinned", value)) => query.pinned = parse_flag(value),
            Some(("archived", value)) => query.archived = parse_flag(value),
            Some(("shared", value)) => query.shared = parse_flag(value),
            _ => words.push(word),
        }
    }
    query.archived = query.archived.or(Some(false));
    query.tagged = match tags.as_slice() {
        [] => Tagged::Any,
        [only] if only == RESERVED => Tagged::Untagged,
        _ => Tagged::With(tags),
    };
    if let Some(names) = named {
        let is_named = |folder: &&Folder| names.contains(&folder.name.to_lowercase().replace('_', " "));
        query.place = Place::Folders(
            folders
                .iter()
                .filter(is_named)
                .map(|folder| folder.id.clone())
                .collect(),
        );
    }
    query.text = Some(words.join(" ")).filter(|text| !text.is_empty());
    query
}

fn parse_flag(value: &str) -> Option<bool> {
    match value {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_narrow_and_the_rest_is_text() {
        let query = parse("red tag:Fruit pinned:true apples", &[]);
        assert_eq!(query.text.as_deref(), Some("red apples"));
        assert_eq!(query.tagged, Tagged::With(vec!["fruit".to_owned()]));
        assert_eq!((query.pinned, query.archived), (Some(true), Some(false)));
        assert_eq!(parse("tag:none", &[]).tagged, Tagged::Untagged);
        assert_eq!(parse("folder:box", &[]).place, Place::Folders(Vec::new()));
    }
}
