-- The latest of what the hypervisor measured of a guest, and of what the engine in it told. Rates are bytes a second.
create table database_measurement (
    instance_id uuid primary key references database_instance (id) on delete cascade,
    measured_at timestamptz,
    cpus double precision,
    memory_bytes bigint,
    network_in double precision,
    network_out double precision,
    disk_read double precision,
    disk_write double precision,
    told_at timestamptz,
    connections int,
    stored_bytes bigint
);
