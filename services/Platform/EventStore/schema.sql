-- The event tables have the shape that Marten gives them (string stream identity), so that its tools can open them.
create table if not exists mt_streams (
  id          varchar     not null constraint pkey_mt_streams_id primary key,
  type        varchar     null,
  version     bigint      null,
  timestamp   timestamptz not null default now(),
  snapshot    jsonb       null,
  snapshot_version integer null,
  created     timestamptz not null default now(),
  tenant_id   varchar     default '*DEFAULT*',
  is_archived boolean     default false
) with (fillfactor = 60); -- every append moves a version, which needs no new index entry while there is room
create sequence if not exists mt_events_sequence;
create table if not exists mt_events (
  seq_id         bigint       not null constraint pkey_mt_events_seq_id primary key,
  id             uuid         not null,
  stream_id      varchar      null constraint fkey_mt_events_stream_id references mt_streams (id) on delete cascade,
  version        bigint       not null,
  data           jsonb        not null,
  bdata          bytea        null,
  type           varchar(500) not null,
  timestamp      timestamptz  not null default now(),
  correlation_id varchar      null,
  causation_id   varchar      null,
  headers        jsonb        null,
  tenant_id      varchar      default '*DEFAULT*',
  mt_dotnet_type varchar      null,
  is_archived    boolean      default false
);
create unique index if not exists pk_mt_events_stream_and_version on mt_events (stream_id, version);
alter sequence mt_events_sequence owned by mt_events.seq_id;
create table if not exists mt_event_progression (
  name         varchar     not null constraint pkey_mt_event_progression_name primary key,
  last_seq_id  bigint      null,
  last_updated timestamptz null default transaction_timestamp()
);

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

-- Ends a batch of appends in which streams were not at the version that their decisions were made on, and names them.
create or replace function refuse_conflicts(streams text[]) returns void language plpgsql as $$
begin
  if streams is not null then
    raise exception '%', array_to_string(streams, ',') using errcode = 'BL409';
  end if;
end $$;
