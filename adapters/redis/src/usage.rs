//! `{p}:usage_pool`: model id -> `{page: {"updated_at": epoch}}`, changed by scripts on this one key, so that two
//! instances that write at once lose nothing.

use std::collections::{BTreeSet, HashMap};

use fred::error::Error;
use fred::prelude::*;
use keelson_domain::realtime::USAGE_SECONDS;
use serde_json::Value;

/// Adds a page to a model's users, and leaves out those that are over.
const USE: &str = "local now, life = tonumber(ARGV[3]), tonumber(ARGV[4]) \
    local text = redis.call('HGET', KEYS[1], ARGV[1]) \
    local read, pages = pcall(cjson.decode, text or '{}') \
    local kept = {} \
    if read and type(pages) == 'table' then for sid, use in pairs(pages) do \
      if type(use) == 'table' and now - (tonumber(use.updated_at) or 0) <= life then kept[sid] = use end \
    end end \
    kept[ARGV[2]] = {updated_at = now} \
    redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(kept)) \
    return 1";

/// Removes what is over; answers how many models are left.
const TIDY: &str = "local now, life, left = tonumber(ARGV[1]), tonumber(ARGV[2]), 0 \
    local all = redis.call('HGETALL', KEYS[1]) \
    for i = 1, #all, 2 do \
      local read, pages = pcall(cjson.decode, all[i + 1]) \
      local kept, some, less = {}, false, false \
      if read and type(pages) == 'table' then for sid, use in pairs(pages) do \
        if type(use) == 'table' and now - (tonumber(use.updated_at) or 0) <= life \
        then kept[sid] = use some = true else less = true end \
      end end \
      if not some then redis.call('HDEL', KEYS[1], all[i]) \
      else left = left + 1 if less then redis.call('HSET', KEYS[1], all[i], cjson.encode(kept)) end end \
    end \
    return left";

/// Notes that a page uses a model.
pub(crate) async fn note(
    redis: &Client,
    pool: String,
    model: &str,
    page: &str,
    now: i64,
) -> Result<(), Error> {
    let args = vec![
        model.to_owned(),
        page.to_owned(),
        now.to_string(),
        USAGE_SECONDS.to_string(),
    ];
    redis.eval::<(), _, _, _>(USE, vec![pool], args).await
}

/// Removes what is over.
pub(crate) async fn tidy(redis: &Client, pool: String, now: i64) -> Result<(), Error> {
    let args = vec![now.to_string(), USAGE_SECONDS.to_string()];
    redis.eval::<(), _, _, _>(TIDY, vec![pool], args).await
}

/// The models in use.
pub(crate) async fn models(redis: &Client, pool: String, now: i64) -> Result<BTreeSet<String>, Error> {
    let all: HashMap<String, String> = redis.hgetall(pool).await?;
    let used = all.into_iter().filter(|(_, pages)| {
        // What cannot be read is nobody's use.
        let pages: HashMap<String, Value> = serde_json::from_str(pages).unwrap_or_default();
        pages
            .values()
            .filter_map(|use_| use_.get("updated_at")?.as_f64())
            .any(|at| now as f64 - at <= USAGE_SECONDS as f64)
    });
    Ok(used.map(|(model, _)| model).collect())
}
