DROP FUNCTION keelson_jsonb(text);
