-- Lists of chats in their order, however deep the page. Titles are not in it: an entry of an index has at most 2.7 KB.
CREATE INDEX keelson_chat_list ON chat (user_id, archived, updated_at DESC, id) INCLUDE (created_at, pinned);
