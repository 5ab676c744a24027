-- By which others of its project reach an instance, a DNS label.
alter table instance add column private_name text;

create index instance_private_name on instance (project_id) where private_name is not null and phase = 'HEALTHY';
