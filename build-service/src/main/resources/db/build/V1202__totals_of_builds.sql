-- How many builds an owner has: a list tells it with each page, and counting them was the dearest part of that.
create table build_total (
    owner_id uuid   primary key,
    builds   bigint not null
);

-- Nobody adds a build between the count and the triggers.
lock table build in share row exclusive mode;
insert into build_total (owner_id, builds) select owner_id, count(*) from build group by owner_id;

create function count_added_builds() returns trigger language plpgsql as $$
begin
    insert into build_total as total (owner_id, builds)
    select owner_id, count(*) from added group by owner_id order by owner_id
    on conflict (owner_id) do update set builds = total.builds + excluded.builds;
    return null;
end $$;

create function count_removed_builds() returns trigger language plpgsql as $$
begin
    -- In the order of the owners, as above, so that two do not wait for each other.
    perform from build_total where owner_id in (select owner_id from removed) order by owner_id for update;
    update build_total total set builds = total.builds - gone.builds
    from (select owner_id, count(*) as builds from removed group by owner_id) gone
    where total.owner_id = gone.owner_id;
    return null;
end $$;

create trigger build_added after insert on build
    referencing new table as added for each statement execute function count_added_builds();
create trigger build_removed after delete on build
    referencing old table as removed for each statement execute function count_removed_builds();
