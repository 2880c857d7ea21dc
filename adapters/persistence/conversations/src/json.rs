//! JSON columns in SQL of PostgreSQL.

/// A JSON column as `jsonb`. Old data may hold null characters, which `json` keeps and `jsonb` refuses: without this one
/// such chat would fail every statement that looks at it. An escaped backslash before `u0000` makes no null character.
macro_rules! clean {
    ($column:literal) => {
        concat!(
            "(CASE WHEN strpos(",
            $column,
            r"::text, '\u0000') > 0 THEN regexp_replace(",
            $column,
            r"::text, '(?<!\\)((\\\\)*)\\u0000', '\1', 'g')::jsonb ELSE ",
            $column,
            "::jsonb END)"
        )
    };
}
pub(crate) use clean;
