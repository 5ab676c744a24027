-- Whether it is proven once it is completed.
alter table database_backup add column proof_wanted boolean not null default false;
update database_backup set proof_wanted = true where trigger = 'SCHEDULE';
