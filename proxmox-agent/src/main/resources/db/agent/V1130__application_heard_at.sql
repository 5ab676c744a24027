-- When the last state was heard, by our clock; the guest's own may be off.
alter table guest_session add column app_heard_at timestamptz;
