-- The how manieth of a user's entries one is, counted from the first without a gap, so that a page far back is found without a walk
-- over those before it.
alter table audit_view add column place bigint;

update audit_view v set place = counted.place
from (select user_id, seq, row_number() over (partition by user_id order by seq) as place from audit_view) counted
where v.user_id = counted.user_id and v.seq = counted.seq;

alter table audit_view alter column place set not null;

create index audit_view_place on audit_view (user_id, place desc) include (seq);
