-- secret: sealed.
create table webhook (
    service_id uuid primary key references service (id) on delete cascade,
    secret     text        not null,
    created_at timestamptz not null,
    rotated_at timestamptz not null
);

-- Pushes that were told of, so that each takes effect once and none overtakes a later one.
create table webhook_delivery (
    service_id    uuid        not null references webhook (service_id) on delete cascade,
    delivery      text        not null,
    branch        text        not null,
    before_commit text,
    after_commit  text        not null,
    received_at   timestamptz not null,
    position      bigint generated always as identity,
    primary key (service_id, delivery)
);

create index webhook_delivery_order on webhook_delivery (service_id, branch, position);
