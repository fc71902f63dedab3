-- Who did what, when: commands, refusals, and reads of personal data. Rows are added and never changed; the service's
-- role may do nothing else here. No index but the key: every command pays for one, and whoever asks names a time, which
-- the blocks turn into ids.
create table if not exists audit_trail (
  id          bigint      generated always as identity primary key,
  at          timestamptz not null,
  kind        text        not null,
  actor       text        not null,
  client      text        null,
  address     text        not null,
  correlation text        null,
  operation   text        not null,
  permission  text        null,
  target      text        null,
  outcome     text        not null,
  details     jsonb       null
);
comment on table audit_trail is 'Record: who did what, when; chained by audit_block.';

-- The chain over it: block n covers the rows after the last id of block n - 1 up to its own. The digest of each row is
-- in leaves, so that a row that was changed, removed or inserted can be named.
create table if not exists audit_block (
  number     bigint      not null primary key,
  last_id    bigint      not null,
  rows       integer     not null,
  total_rows bigint      not null,
  first_at   timestamptz not null,
  sealed_at  timestamptz not null,
  previous   bytea       not null,
  hash       bytea       not null,
  leaves     bytea       not null
);
comment on table audit_block is 'Record: the chain over audit_trail.';

-- Where the chains of all services stood at the end of each day, as far as this service has heard of it, its own too.
create table if not exists audit_digest (
  service     text        not null,
  day         date        not null,
  last_block  bigint      not null,
  total_rows  bigint      not null,
  hash        text        not null,
  received_at timestamptz not null default clock_timestamp(),
  primary key (service, day)
);
comment on table audit_digest is 'Record: where the chains of other services stood, to hold them to it.';
