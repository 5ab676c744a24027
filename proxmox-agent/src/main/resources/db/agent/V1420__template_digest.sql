-- Placement asks for the nodes that have an image.
create index template_digest on template (digest);
