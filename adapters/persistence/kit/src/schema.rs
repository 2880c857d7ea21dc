//! Every table of the contract (`schema.tsv`), once for both backends: SQLite keeps JSON as text, and booleans and
//! times as integers, which diesel reads as the same types.

diesel::table! {
    /// Table `alembic_version`.
    alembic_version (version_num) {
        /// Column `version_num`.
        version_num -> Text,
    }
}

diesel::table! {
    /// Table `api_key`.
    api_key (id) {
        /// Column `id`.
        id -> Text,
        /// Column `user_id`.
        user_id -> Nullable<Text>,
        /// Column `key`.
        key -> Text,
        /// Column `data`.
        data -> Nullable<Json>,
        /// Column `expires_at`.
        expires_at -> Nullable<BigInt>,
        /// Column `last_used_at`.
        last_used_at -> Nullable<BigInt>,
        /// Column `created_at`.
        created_at -> BigInt,
        /// Column `updated_at`.
        updated_at -> BigInt,
    }
}

diesel::table! {
    /// Table `auth`.
    auth (id) {
        /// Column `id`.
        id -> Text,
        /// Column `email`.
        email -> Text,
        /// Column `password`.
        password -> Text,
        /// Column `active`.
        active -> Bool,
    }
}

diesel::table! {
    /// Table `channel`.
    channel (id) {
        /// Column `id`.
        id -> Text,
        /// Column `user_id`.
        user_id -> Nullable<Text>,
        /// Column `name`.
        name -> Nullable<Text>,
        /// Column `description`.
        description -> Nullable<Text>,
        /// Column `data`.
        data -> Nullable<Json>,
        /// Column `meta`.
        meta -> Nullable<Json>,
        /// Column `access_control`.
        access_control -> Nullable<Json>,
        /// Column `created_at`.
        created_at -> Nullable<BigInt>,
        /// Column `updated_at`.
        updated_at -> Nullable<BigInt>,
        #[sql_name = "type"]
        /// Column `type`.
        kind -> Nullable<Text>,
        /// Column `is_private`.
        is_private -> Nullable<Bool>,
        /// Column `archived_at`.
        archived_at -> Nullable<BigInt>,
        /// Column `archived_by`.
        archived_by -> Nullable<Text>,
        /// Column `deleted_at`.
        deleted_at -> Nullable<BigInt>,
        /// Column `deleted_by`.
        deleted_by -> Nullable<Text>,
        /// Column `updated_by`.
        updated_by -> Nullable<Text>,
    }
}

diesel::table! {
    /// Table `channel_file`.
    channel_file (id) {
        /// Column `id`.
        id -> Text,
        /// Column `user_id`.
        user_id -> Text,
        /// Column `channel_id`.
        channel_id -> Text,
        /// Column `file_id`.
        file_id -> Text,
        /// Column `created_at`.
        created_at -> BigInt,
        /// Column `updated_at`.
        updated_at -> BigInt,
        /// Column `message_id`.
        message_id -> Nullable<Text>,
    }
}

diesel::table! {
    /// Table `channel_member`.
    channel_member (id) {
        /// Column `id`.
        id -> Text,
        /// Column `channel_id`.
        channel_id -> Text,
        /// Column `user_id`.
        user_id -> Text,
        /// Column `created_at`.
        created_at -> Nullable<BigInt>,
        /// Column `status`.
        status -> Nullable<Text>,
        /// Column `is_active`.
        is_active -> Bool,
        /// Column `is_channel_muted`.
        is_channel_muted -> Bool,
        /// Column `is_channel_pinned`.
        is_channel_pinned -> Bool,
        /// Column `data`.
        data -> Nullable<Json>,
        /// Column `meta`.
        meta -> Nullable<Json>,
        /// Column `joined_at`.
        joined_at -> BigInt,
        /// Column `left_at`.
        left_at -> Nullable<BigInt>,
        /// Column `last_read_at`.
        last_read_at -> Nullable<BigInt>,
        /// Column `updated_at`.
        updated_at -> Nullable<BigInt>,
        /// Column `role`.
        role -> Nullable<Text>,
        /// Column `invited_by`.
        invited_by -> Nullable<Text>,
        /// Column `invited_at`.
        invited_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Table `channel_webhook`.
    channel_webhook (id) {
        /// Column `id`.
        id -> Text,
        /// Column `user_id`.
        user_id -> Text,
        /// Column `channel_id`.
        channel_id -> Text,
        /// Column `name`.
        name -> Text,
        /// Column `profile_image_url`.
        profile_image_url -> Nullable<Text>,
        /// Column `token`.
        token -> Text,
        /// Column `last_used_at`.
        last_used_at -> Nullable<BigInt>,
        /// Column `created_at`.
        created_at -> BigInt,
        /// Column `updated_at`.
        updated_at -> BigInt,
    }
}

diesel::table! {
    /// Table `chat`.
    chat (id) {
        /// Column `id`.
        id -> Text,
        /// Column `user_id`.
        user_id -> Text,
        /// Column `title`.
        title -> Text,
        /// Column `share_id`.
        share_id -> Nullable<Text>,
        /// Column `archived`.
        archived -> Bool,
        /// Column `created_at`.
        created_at -> BigInt,
        /// Column `updated_at`.
        updated_at -> BigInt,
        #[sql_name = "chat"]
        /// Column `chat`.
        body -> Nullable<Json>,
        /// Column `pinned`.
        pinned -> Nullable<Bool>,
        /// Column `meta`.
        meta -> Json,
        /// Column `folder_id`.
        folder_id -> Nullable<Text>,
    }
}

diesel::table! {
    /// Table `chat_file`.
    chat_file (id) {
        /// Column `id`.
        id -> Text,
        /// Column `user_id`.
        user_id -> Text,
        /// Column `chat_id`.
        chat_id -> Text,
        /// Column `file_id`.
        file_id -> Text,
        /// Column `message_id`.
        message_id -> Nullable<Text>,
        /// Column `created_at`.
        created_at -> BigInt,
        /// Column `updated_at`.
        updated_at -> BigInt,
    }
}

diesel::table! {
    /// Table `config`.
    config (id) {
        /// Column `id`.
        id -> Integer,
        /// Column `data`.
        data -> Json,
        /// Column `version`.
        version -> Integer,
        /// Column `created_at`.
        created_at -> Timestamp,
        /// Column `updated_at`.
        updated_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// Table `feedback`.
    feedback (id) {
        /// Column `id`.
        id -> Text,
        /// Column `user_id`.
        user_id -> Nullable<Text>,
        /// Column `version`.
        version -> Nullable<BigInt>,
        #[sql_name = "type"]
        /// Column `type`.
        kind -> Nullable<Text>,
        /// Column `data`.
        data -> Nullable<Json>,
        /// Column `meta`.
        meta -> Nullable<Json>,
        /// Column `snapshot`.
        snapshot -> Nullable<Json>,
        /// Column `created_at`.
        created_at -> BigInt,
        /// Column `updated_at`.
        updated_at -> BigInt,
    }
}

diesel::table! {
    /// Table `file`.
    file (id) {
        /// Column `id`.
        id -> Text,
        /// Column `user_id`.
        user_id -> Text,
        /// Column `filename`.
        filename -> Text,
        /// Column `meta`.
        meta -> Nullable<Json>,
        /// Column `created_at`.
        created_at -> BigInt,
        /// Column `hash`.
        hash -> Nullable<Text>,
        /// Column `data`.
        data -> Nullable<Json>,
        /// Column `updated_at`.
        updated_at -> Nullable<BigInt>,
        /// Column `path`.
        path -> Nullable<Text>,
        /// Column `access_control`.
        access_control -> Nullable<Json>,
    }
}

diesel::table! {
    /// Table `folder`.
    folder (id, user_id) {
        /// Column `id`.
        id -> Text,
        /// Column `parent_id`.
        parent_id -> Nullable<Text>,
        /// Column `user_id`.
        user_id -> Text,
        /// Column `name`.
        name -> Text,
        /// Column `items`.
        items -> Nullable<Json>,
        /// Column `meta`.
        meta -> Nullable<Json>,
        /// Column `is_expanded`.
        is_expanded -> Bool,
        /// Column `created_at`.
        created_at -> BigInt,
        /// Column `updated_at`.
        updated_at -> BigInt,
        /// Column `data`.
        data -> Nullable<Json>,
    }
}

diesel::table! {
    /// Table `function`.
    function (id) {
        /// Column `id`.
        id -> Text,
        /// Column `user_id`.
        user_id -> Text,
        /// Column `name`.
        name -> Text,
        #[sql_name = "type"]
        /// Column `type`.
        kind -> Text,
        /// Column `content`.
        content -> Text,
        /// Column `meta`.
        meta -> Text,
        /// Column `created_at`.
        created_at -> BigInt,
        /// Column `updated_at`.
        updated_at -> BigInt,
        /// Column `valves`.
        valves -> Nullable<Text>,
        /// Column `is_active`.
        is_active -> Bool,
        /// Column `is_global`.
        is_global -> Bool,
    }
}

diesel::table! {
    /// Table `group`.
    group (id) {
        /// Column `id`.
        id -> Text,
        /// Column `user_id`.
        user_id -> Nullable<Text>,
        /// Column `name`.
        name -> Nullable<Text>,
        /// Column `description`.
        description -> Nullable<Text>,
        /// Column `data`.
        data -> Nullable<Json>,
        /// Column `meta`.
        meta -> Nullable<Json>,
        /// Column `permissions`.
        permissions -> Nullable<Json>,
        /// Column `created_at`.
        created_at -> Nullable<BigInt>,
        /// Column `updated_at`.
        updated_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Table `group_member`.
    group_member (id) {
        /// Column `id`.
        id -> Text,
        /// Column `group_id`.
        group_id -> Text,
        /// Column `user_id`.
        user_id -> Text,
        /// Column `created_at`.
        created_at -> Nullable<BigInt>,
        /// Column `updated_at`.
        updated_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Table `knowledge`.
    knowledge (id) {
        /// Column `id`.
        id -> Text,
        /// Column `user_id`.
        user_id -> Text,
        /// Column `name`.
        name -> Text,
        /// Column `description`.
        description -> Nullable<Text>,
        /// Column `meta`.
        meta -> Nullable<Json>,
        /// Column `created_at`.
        created_at -> BigInt,
        /// Column `updated_at`.
        updated_at -> Nullable<BigInt>,
        /// Column `access_control`.
        access_control -> Nullable<Json>,
        /// Column `data`.
        data -> Nullable<Json>,
    }
}

diesel::table! {
    /// Table `knowledge_file`.
    knowledge_file (id) {
        /// Column `id`.
        id -> Text,
        /// Column `user_id`.
        user_id -> Text,
        /// Column `knowledge_id`.
        knowledge_id -> Text,
        /// Column `file_id`.
        file_id -> Text,
        /// Column `created_at`.
        created_at -> BigInt,
        /// Column `updated_at`.
        updated_at -> BigInt,
    }
}

diesel::table! {
    /// Table `memory`.
    memory (id) {
        /// Column `id`.
        id -> Text,
        /// Column `user_id`.
        user_id -> Text,
        /// Column `content`.
        content -> Text,
        /// Column `updated_at`.
        updated_at -> BigInt,
        /// Column `created_at`.
        created_at -> BigInt,
    }
}

diesel::table! {
    /// Table `message`.
    message (id) {
        /// Column `id`.
        id -> Text,
        /// Column `user_id`.
        user_id -> Nullable<Text>,
        /// Column `channel_id`.
        channel_id -> Nullable<Text>,
        /// Column `content`.
        content -> Nullable<Text>,
        /// Column `data`.
        data -> Nullable<Json>,
        /// Column `meta`.
        meta -> Nullable<Json>,
        /// Column `created_at`.
        created_at -> Nullable<BigInt>,
        /// Column `updated_at`.
        updated_at -> Nullable<BigInt>,
        /// Column `parent_id`.
        parent_id -> Nullable<Text>,
        /// Column `reply_to_id`.
        reply_to_id -> Nullable<Text>,
        /// Column `is_pinned`.
        is_pinned -> Bool,
        /// Column `pinned_at`.
        pinned_at -> Nullable<BigInt>,
        /// Column `pinned_by`.
        pinned_by -> Nullable<Text>,
    }
}

diesel::table! {
    /// Table `message_reaction`.
    message_reaction (id) {
        /// Column `id`.
        id -> Text,
        /// Column `user_id`.
        user_id -> Text,
        /// Column `message_id`.
        message_id -> Text,
        /// Column `name`.
        name -> Text,
        /// Column `created_at`.
        created_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Table `model`.
    model (id) {
        /// Column `id`.
        id -> Text,
        /// Column `user_id`.
        user_id -> Text,
        /// Column `base_model_id`.
        base_model_id -> Nullable<Text>,
        /// Column `name`.
        name -> Text,
        /// Column `meta`.
        meta -> Text,
        /// Column `params`.
        params -> Text,
        /// Column `created_at`.
        created_at -> BigInt,
        /// Column `updated_at`.
        updated_at -> BigInt,
        /// Column `access_control`.
        access_control -> Nullable<Json>,
        /// Column `is_active`.
        is_active -> Bool,
    }
}

diesel::table! {
    /// Table `note`.
    note (id) {
        /// Column `id`.
        id -> Text,
        /// Column `user_id`.
        user_id -> Nullable<Text>,
        /// Column `title`.
        title -> Nullable<Text>,
        /// Column `data`.
        data -> Nullable<Json>,
        /// Column `meta`.
        meta -> Nullable<Json>,
        /// Column `access_control`.
        access_control -> Nullable<Json>,
        /// Column `created_at`.
        created_at -> Nullable<BigInt>,
        /// Column `updated_at`.
        updated_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Table `oauth_session`.
    oauth_session (id) {
        /// Column `id`.
        id -> Text,
        /// Column `user_id`.
        user_id -> Text,
        /// Column `provider`.
        provider -> Text,
        /// Column `token`.
        token -> Text,
        /// Column `expires_at`.
        expires_at -> BigInt,
        /// Column `created_at`.
        created_at -> BigInt,
        /// Column `updated_at`.
        updated_at -> BigInt,
    }
}

diesel::table! {
    /// Table `prompt`.
    prompt (id) {
        /// Column `id`.
        id -> Integer,
        /// Column `command`.
        command -> Text,
        /// Column `user_id`.
        user_id -> Text,
        /// Column `title`.
        title -> Text,
        /// Column `content`.
        content -> Text,
        /// Column `timestamp`.
        timestamp -> BigInt,
        /// Column `access_control`.
        access_control -> Nullable<Json>,
    }
}

diesel::table! {
    /// Table `tag`.
    tag (id, user_id) {
        /// Column `id`.
        id -> Text,
        /// Column `name`.
        name -> Text,
        /// Column `user_id`.
        user_id -> Text,
        /// Column `meta`.
        meta -> Nullable<Json>,
    }
}

diesel::table! {
    /// Table `tool`.
    tool (id) {
        /// Column `id`.
        id -> Text,
        /// Column `user_id`.
        user_id -> Text,
        /// Column `name`.
        name -> Text,
        /// Column `content`.
        content -> Text,
        /// Column `specs`.
        specs -> Text,
        /// Column `meta`.
        meta -> Text,
        /// Column `created_at`.
        created_at -> BigInt,
        /// Column `updated_at`.
        updated_at -> BigInt,
        /// Column `valves`.
        valves -> Nullable<Text>,
        /// Column `access_control`.
        access_control -> Nullable<Json>,
    }
}

diesel::table! {
    /// Table `user`.
    user (id) {
        /// Column `id`.
        id -> Text,
        /// Column `name`.
        name -> Text,
        /// Column `email`.
        email -> Text,
        /// Column `role`.
        role -> Text,
        /// Column `profile_image_url`.
        profile_image_url -> Text,
        /// Column `created_at`.
        created_at -> BigInt,
        /// Column `updated_at`.
        updated_at -> BigInt,
        /// Column `last_active_at`.
        last_active_at -> BigInt,
        /// Column `settings`.
        settings -> Nullable<Json>,
        /// Column `info`.
        info -> Nullable<Json>,
        /// Column `username`.
        username -> Nullable<Text>,
        /// Column `bio`.
        bio -> Nullable<Text>,
        /// Column `gender`.
        gender -> Nullable<Text>,
        /// Column `date_of_birth`.
        date_of_birth -> Nullable<Date>,
        /// Column `profile_banner_image_url`.
        profile_banner_image_url -> Nullable<Text>,
        /// Column `timezone`.
        timezone -> Nullable<Text>,
        /// Column `presence_state`.
        presence_state -> Nullable<Text>,
        /// Column `status_emoji`.
        status_emoji -> Nullable<Text>,
        /// Column `status_message`.
        status_message -> Nullable<Text>,
        /// Column `status_expires_at`.
        status_expires_at -> Nullable<BigInt>,
        /// Column `oauth`.
        oauth -> Nullable<Json>,
    }
}

diesel::table! {
    /// Table `keelson_revocation`: ours, with tokens that were signed out.
    keelson_revocation (token_id) {
        /// Column `token_id`.
        token_id -> Text,
        /// Column `expires_at`: seconds since 1970.
        expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Table `keelson_token_cutoff`: ours, from when on an account's tokens count.
    keelson_token_cutoff (user_id) {
        /// Column `user_id`.
        user_id -> Text,
        /// Column `since`: seconds since 1970.
        since -> BigInt,
        /// Column `kept`: the id of a token.
        kept -> Nullable<Text>,
    }
}

diesel::table! {
    /// Table `keelson_answer`: ours, with the answers that are being written.
    keelson_answer (chat_id, message_id) {
        /// Column `chat_id`.
        chat_id -> Text,
        /// Column `message_id`.
        message_id -> Text,
        /// Column `user_id`.
        user_id -> Text,
        /// Column `fields`: JSON.
        fields -> Text,
        /// Column `saved_at`: nanoseconds since 1970.
        saved_at -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    alembic_version,
    api_key,
    auth,
    channel,
    channel_file,
    channel_member,
    channel_webhook,
    chat,
    chat_file,
    config,
    feedback,
    file,
    folder,
    function,
    group,
    group_member,
    keelson_answer,
    keelson_revocation,
    keelson_token_cutoff,
    knowledge,
    knowledge_file,
    memory,
    message,
    message_reaction,
    model,
    note,
    oauth_session,
    prompt,
    tag,
    tool,
    user,
);
