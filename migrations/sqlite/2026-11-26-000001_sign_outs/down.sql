DROP TABLE keelson_token_cutoff;
DROP TABLE keelson_revocation;
