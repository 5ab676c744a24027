create table outbox (
    seq            bigint generated always as identity primary key,
    id             uuid        not null unique,
    data_schema    text        not null,
    message_key    text        not null,
    data           text,
    created_at     timestamptz not null,
    correlation_id uuid        not null,
    causation_id   uuid,
    actor_id       text,
    actor_email    text,
    source_ip      text,
    user_agent     text
);

create table inbox (
    consumer    text        not null,
    message_id  uuid        not null,
    received_at timestamptz not null,
    primary key (consumer, message_id)
);

create index inbox_received_at on inbox (received_at);
