-- Lists and heads of chats are answered from these indexes alone. A row of `chat` holds all messages, and a column behind
-- them is reached only by walking over them.
CREATE INDEX keelson_chat_head ON chat (id, user_id, title, share_id, archived, created_at, updated_at, pinned, meta, folder_id);
CREATE INDEX keelson_chat_list ON chat (user_id, archived, updated_at DESC, id, title, created_at, pinned, folder_id, share_id);
CREATE INDEX keelson_chat_pinned ON chat (user_id, pinned, archived, updated_at DESC, id, title, created_at, folder_id, share_id);
