-- Whether pushes deploy the service: it has a webhook.
alter table service add column deploys_pushes boolean not null default false;
update service set deploys_pushes = true where id in (select service_id from webhook);

-- outcome: TOLD, DECLINED by the service's rules, or OVERTAKEN by a later push. seen: no delivery, but found at the branch.
alter table webhook_delivery add column outcome text not null default 'TOLD';
alter table webhook_delivery add column seen boolean not null default false;
