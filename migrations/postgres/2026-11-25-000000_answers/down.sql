DROP TABLE keelson_answer;
