-- Accepted pushes that came right after another one of their service and are told with those that come meanwhile, in this order.
-- The origin is the delivery's, as in the outbox.
create table untold_push (
    position       bigint generated always as identity primary key,
    service_id     uuid   not null references service (id) on delete cascade,
    event          text   not null,
    correlation_id uuid   not null,
    source_ip      text,
    user_agent     text
);

create index untold_push_service on untold_push (service_id, position);
