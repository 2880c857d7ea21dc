-- Nothing: on SQLite each connection brings its function (`keelson_json`) along.
SELECT 1;
