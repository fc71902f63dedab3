-- Messages that were in the hands of a process that ended, and how often they have been tried by themselves since.
create table if not exists suspect (
  queue      varchar     not null,
  message_id uuid        not null,
  tries      integer     not null default 1,
  tried_at   timestamptz not null default clock_timestamp(),
  primary key (queue, message_id)
);
comment on table suspect is 'Record: messages that were in the hands of a process that ended.';
