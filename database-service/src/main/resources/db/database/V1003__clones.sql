-- What the data of a backup are for.
alter table database add column recovery_aim text;
update database set recovery_aim = case when drill then 'DRILL' else 'GO_BACK' end where recovery_backup is not null;
alter table database drop column drill;
create index database_recovery_backup on database (recovery_backup);
