use std::collections::{BTreeSet, HashMap};

use keelson_domain::access::Shareable;
use keelson_domain::shared::StoreResult;
use keelson_domain::user::{User, UserId, UserRepository};

/// An object in a list, with the account that owns it; none when the account is gone.
#[derive(Debug, Clone)]
pub struct Owned<T> {
    /// The object.
    pub object: T,
    /// Its owner.
    pub owner: Option<User>,
}

/// Loads the owners of objects in one query.
///
/// # Errors
/// When the store fails.
pub(crate) async fn with_owners<T>(
    users: &dyn UserRepository,
    objects: Vec<T>,
    owner_of: impl Fn(&T) -> &UserId,
) -> StoreResult<Vec<Owned<T>>> {
    let ids: BTreeSet<UserId> = objects.iter().map(|object| owner_of(object).clone()).collect();
    let ids: Vec<UserId> = ids.into_iter().collect();
    let found = users.find_many(&ids).await?;
    let owners: HashMap<UserId, User> = found.into_iter().map(|user| (user.id.clone(), user)).collect();
    let owned = objects.into_iter().map(|object| Owned {
        owner: owners.get(owner_of(&object)).cloned(),
        object,
    });
    Ok(owned.collect())
}

/// [`with_owners`] for shared objects.
///
/// # Errors
/// When the store fails.
pub(crate) async fn with_owners_of<T: Shareable>(
    users: &dyn UserRepository,
    objects: Vec<T>,
) -> StoreResult<Vec<Owned<T>>> {
    with_owners(users, objects, T::owner).await
}
