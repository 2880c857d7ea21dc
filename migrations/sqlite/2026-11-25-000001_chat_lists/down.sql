DROP INDEX keelson_chat_pinned;
DROP INDEX keelson_chat_list;
DROP INDEX keelson_chat_head;
