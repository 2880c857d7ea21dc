use keelson_domain::user::{UserOrder, UserQuery};

/// A query from its parameters; an unknown order is that of creation.
pub(super) fn user_query(text: Option<String>, order_by: Option<&str>, direction: Option<&str>) -> UserQuery {
    let order = match order_by {
        Some("name") => UserOrder::Name,
        Some("email") => UserOrder::Email,
        Some("last_active_at") => UserOrder::LastActiveAt,
        Some("updated_at") => UserOrder::UpdatedAt,
        Some("role") => UserOrder::Role,
        _ => UserOrder::CreatedAt,
    };
    let descending = match order_by {
        Some(_) => direction != Some("asc"),
        None => true,
    };
    UserQuery {
        text: text.filter(|text| !text.is_empty()),
        order,
        descending,
        ..UserQuery::default()
    }
}
