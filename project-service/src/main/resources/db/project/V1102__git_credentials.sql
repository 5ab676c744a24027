-- What the service's repository is fetched with: the token is sealed for the service.
alter table service add column git_credential jsonb;
