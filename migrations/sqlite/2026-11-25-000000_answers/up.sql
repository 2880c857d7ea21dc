-- Answers that are being written. The reference neither knows nor needs this table: what is in it is merged into the
-- chats when an answer ends.
CREATE TABLE keelson_answer (
	chat_id VARCHAR(255) NOT NULL,
	message_id TEXT NOT NULL,
	user_id VARCHAR(255) NOT NULL,
	fields TEXT NOT NULL,
	saved_at BIGINT NOT NULL,
	PRIMARY KEY (chat_id, message_id)
);
CREATE INDEX keelson_answer_user ON keelson_answer (user_id);
