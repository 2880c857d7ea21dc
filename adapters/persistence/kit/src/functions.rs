diesel::define_sql_function! {
    /// Lower-cases text; `LIKE` itself treats case differently on the two backends.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}
