create table idempotency (
    user_id      text        not null,
    method       text        not null,
    path         text        not null,
    key          text        not null,
    fingerprint  bytea       not null,
    status       int         not null,
    content_type text,
    location     text,
    body         text        not null,
    sealed       boolean     not null,
    answered_at  timestamptz not null,
    primary key (user_id, method, path, key)
);

create index idempotency_answered_at on idempotency (answered_at);
