-- A reading that a person withdrew keeps its row until its day is read anew; nothing is billed by it.
alter table reading add column if not exists withdrawn boolean not null default false;
