DROP INDEX keelson_chat_list;
