-- What the platform keeps beside Marten's tables, which Marten makes itself.
-- Messages whose effect is in this database.
create table if not exists inbox (
  consumer    varchar     not null,
  message_id  uuid        not null,
  items       integer     not null,
  sent_at     timestamptz null,
  received_at timestamptz not null default clock_timestamp(),
  primary key (consumer, message_id)
);

-- First answers to POST requests that carry an Idempotency-Key; a key belongs to its caller.
create table if not exists idempotency (
  caller      varchar     not null default '',
  key         varchar     not null,
  route       varchar     not null,
  body_hash   bytea       not null,
  status      integer     null,
  content_type varchar    null,
  body        bytea       null,
  started_at  timestamptz not null default now(),
  primary key (caller, key, route)
);
alter table idempotency add column if not exists caller varchar not null default '';
do $$
begin
  if (select array_length(conkey, 1) from pg_constraint where conrelid = 'idempotency'::regclass and contype = 'p') < 3
  then
    alter table idempotency drop constraint idempotency_pkey, add primary key (caller, key, route);
  end if;
end $$;

-- What each process wrote last to show that it can write.
create table if not exists readiness (
  instance   varchar     not null primary key,
  written_at timestamptz not null default now()
);

-- Every append moves a version, which needs no new index entry while there is room.
alter table mt_streams set (fillfactor = 60);
-- Marten's own default is the moment at which the table was made.
alter table mt_events alter column timestamp set default now();

-- Ends a batch of appends in which streams were not at the version that their decisions were made on, and names them.
create or replace function refuse_conflicts(streams text[]) returns void language plpgsql as $$
begin
  if streams is not null then
    raise exception '%', array_to_string(streams, ',') using errcode = 'BL409';
  end if;
end $$;
