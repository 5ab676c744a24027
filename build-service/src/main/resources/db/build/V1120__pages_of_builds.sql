-- Pages of builds are found in an index alone, whatever they are filtered by: order and filters are all in it.
create index build_page_of_owner on build (owner_id, created_at desc, id desc) include (status, project_id, service_id);
create index build_page_of_owner_status on build (owner_id, status, created_at desc, id desc) include (project_id, service_id);
create index build_page_of_project on build (owner_id, project_id, created_at desc, id desc) include (status, service_id);
create index build_page_of_service on build (owner_id, service_id, created_at desc, id desc) include (status, project_id);

drop index build_of_owner;
drop index build_of_project;

-- An index alone answers only where the map of visible pages is up to date.
alter table build set (
    autovacuum_vacuum_insert_scale_factor = 0.02,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_analyze_scale_factor = 0.02
);
