use keelson_domain::access::Scope;

use crate::Condition;

/// Whether a row of a table lies within a scope; `contains` and `is_unset` are the backend's conditions on JSON columns.
pub(super) fn condition(
    scope: &Scope,
    table: &str,
    contains: fn(&str, &str, &str) -> Condition,
    is_unset: fn(&str) -> Condition,
) -> Condition {
    let grant = match scope {
        Scope::All => return Condition::sql("1 = 1"),
        Scope::Granted(grant) => grant,
    };
    let rules = format!("\"{table}\".access_control");
    let right = grant.right.as_str();
    let users = contains(&rules, &format!("{right}.user_ids"), grant.user.as_str());
    let mut within = Condition::sql(format!("\"{table}\".user_id = "))
        .and_text(grant.user.as_str())
        .or(users);
    for group in &grant.groups {
        within = within.or(contains(&rules, &format!("{right}.group_ids"), group.as_str()));
    }
    match grant.includes_unset {
        true => within.or(is_unset(&rules)),
        false => within,
    }
}
