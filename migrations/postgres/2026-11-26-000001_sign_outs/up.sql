-- Tokens that were signed out, for an instance without Redis, and from when on an account's tokens count. The reference
-- neither knows nor needs these tables.
CREATE TABLE keelson_revocation (
	token_id VARCHAR(255) NOT NULL PRIMARY KEY,
	expires_at BIGINT
);
CREATE TABLE keelson_token_cutoff (
	user_id VARCHAR(255) NOT NULL PRIMARY KEY,
	since BIGINT NOT NULL,
	kept TEXT
);
