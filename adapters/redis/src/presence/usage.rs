//! `{p}:usage_pool`: model id -> `{socket: {"updated_at": epoch}}`, changed by scripts on this one key, so that two
//! instances that write at once lose nothing.

use std::collections::{BTreeSet, HashMap};

use fred::error::Error;
use fred::prelude::*;
use keelson_domain::realtime::USAGE_SECONDS;
use serde_json::Value;

/// Adds a socket to a model's users, and removes expired ones.
const RECORD: &str = "local now, life = tonumber(ARGV[3]), tonumber(ARGV[4]) \
    local text = redis.call('HGET', KEYS[1], ARGV[1]) \
    local read, sockets = pcall(cjson.decode, text or '{}') \
    local kept = {} \
    if read and type(sockets) == 'table' then for sid, use in pairs(sockets) do \
      if type(use) == 'table' and now - (tonumber(use.updated_at) or 0) <= life then kept[sid] = use end \
    end end \
    kept[ARGV[2]] = {updated_at = now} \
    redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(kept)) \
    return 1";

/// Removes expired entries; returns how many models are left.
const REMOVE_EXPIRED: &str = "local now, life, left = tonumber(ARGV[1]), tonumber(ARGV[2]), 0 \
    local all = redis.call('HGETALL', KEYS[1]) \
    for i = 1, #all, 2 do \
      local read, sockets = pcall(cjson.decode, all[i + 1]) \
      local kept, some, less = {}, false, false \
      if read and type(sockets) == 'table' then for sid, use in pairs(sockets) do \
        if type(use) == 'table' and now - (tonumber(use.updated_at) or 0) <= life \
        then kept[sid] = use some = true else less = true end \
      end end \
      if not some then redis.call('HDEL', KEYS[1], all[i]) \
      else left = left + 1 if less then redis.call('HSET', KEYS[1], all[i], cjson.encode(kept)) end end \
    end \
    return left";

/// Records that a socket uses a model.
pub(super) async fn record(
    redis: &Client,
    pool: String,
    model: &str,
    socket: &str,
    now: i64,
) -> Result<(), Error> {
    let args = vec![
        model.to_owned(),
        socket.to_owned(),
        now.to_string(),
        USAGE_SECONDS.to_string(),
    ];
    redis.eval::<(), _, _, _>(RECORD, vec![pool], args).await
}

/// Removes expired entries.
pub(crate) async fn remove_expired(redis: &Client, pool: String, now: i64) -> Result<(), Error> {
    let args = vec![now.to_string(), USAGE_SECONDS.to_string()];
    redis.eval::<(), _, _, _>(REMOVE_EXPIRED, vec![pool], args).await
}

/// The models in use.
pub(super) async fn models_in_use(redis: &Client, pool: String, now: i64) -> Result<BTreeSet<String>, Error> {
    let all: HashMap<String, String> = redis.hgetall(pool).await?;
    let used = all.into_iter().filter(|(_, sockets)| {
        // An unreadable entry counts as unused.
        let sockets: HashMap<String, Value> = serde_json::from_str(sockets).unwrap_or_default();
        sockets
            .values()
            .filter_map(|use_| use_.get("updated_at")?.as_f64())
            .any(|at| now as f64 - at <= USAGE_SECONDS as f64)
    });
    Ok(used.map(|(model, _)| model).collect())
}
