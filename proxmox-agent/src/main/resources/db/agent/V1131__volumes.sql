-- The one volume of a service. Only its owner's guest may be started, and only the owner gives it up; node and vmid are the guest that has it in its
-- configuration, null before it is made. That guest is kept where no instance owns the volume. paused_at: since when nobody uses it that did.
create table volume (
    service_id uuid primary key,
    owner      uuid,
    node       text,
    vmid       int,
    paused_at  timestamptz,
    deleted_at timestamptz
);
