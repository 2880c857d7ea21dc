-- What a stored text means as jsonb. The type json keeps what jsonb refuses: null characters, halves of surrogate pairs,
-- numbers with exponents of many digits; a text may hold anything. One such row would fail every statement that looks at
-- it. Most rows are fine, so the cast is tried first: looking for what it refuses takes longer than the cast itself.
CREATE FUNCTION keelson_jsonb(stored text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT AS $body$
BEGIN
    RETURN stored::jsonb;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    BEGIN
        -- A pattern takes what stays first, so that an escaped backslash begins no escape, and a pair is no half.
        RETURN regexp_replace(
            regexp_replace(
                stored,
                '(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u0000|\\u[dD][89a-fA-F][0-9a-fA-F]{2}',
                '\1',
                'g'
            ),
            '("(?:[^"\\]|\\.)*")|([eE][+-]?[0-9]{1,3})[0-9]*',
            '\1\2',
            'g'
        )::jsonb;
    EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
        RETURN NULL;
    END;
END
$body$;
