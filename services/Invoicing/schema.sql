-- ── Replicas of what other services publish ─────────────────────────────────────────────────────────────────────────

-- The newest picture of each account that has come in; an older picture never replaces a newer one. The meters are all
-- that are or were in place, with the days on which they came and went.
create table if not exists account_supply (
  account_no       text collate "C" not null primary key,
  version          bigint  not null,
  class            text    not null,
  region           text    not null,
  project          text    not null,
  opened_on        date    not null,
  electricity_plan text    null,
  meters           jsonb   null,
  heat_plan        text    null,
  area_m2          numeric null,
  heat_metered     boolean null,
  storey_height_m  numeric null,
  use_class        text    null
);
-- Databases from before height and use were kept. Asked first, because altering waits for whoever reads.
do $$ begin
  if not exists (
    select from information_schema.columns
    where table_schema = current_schema and table_name = 'account_supply' and column_name = 'use_class')
  then
    alter table account_supply add column storey_height_m numeric null, add column use_class text null;
  end if;
end $$;

-- Which meters each picture of an account had, and from which day; meters in account_supply are the stays that follow.
do $$ begin
  if to_regclass('meter_picture') is null then
    create table meter_picture (
      account_no text collate "C" not null,
      version    bigint not null,
      since      date   not null,
      meters     jsonb  not null,
      primary key (account_no, version)
    );
    -- Databases from before meters that are gone were kept: what is in place is all that is known.
    insert into meter_picture
    select account_no, version, opened_on, meters from account_supply where meters is not null;
  end if;
end $$;

-- Versions of price plans. What ends a version may arrive before its publication. valid_to is the last day that counts;
-- sequence and the times are those of the newest fact that came in.
create table if not exists plan_version (
  plan          text        not null,
  version       integer     not null,
  document      jsonb       null,
  valid_from    date        null,
  valid_to      date        null,
  withdrawn     boolean     not null,
  superseded_by integer     null,
  sequence      bigint      not null,
  recorded_at   timestamptz not null,
  applied_at    timestamptz not null,
  primary key (plan, version)
);

-- Money that moved on an account; one row per fact, named by the event that made it.
create table if not exists statement_entry (
  event_id      uuid        not null primary key,
  account_no    text collate "C" not null,
  kind          text        not null,
  business_date date        not null,
  recorded_at   timestamptz not null,
  amount_fen    bigint      not null,
  reference     text        not null,
  note          text        not null
);
create index if not exists statement_entry_account on statement_entry (account_no, business_date);

-- ── Read models of the account streams ──────────────────────────────────────────────────────────────────────────────

create table if not exists reading (
  account_no  text collate "C" not null,
  meter_no    text collate "C" not null,
  read_on     date        not null,
  kind        text        not null,
  total       numeric     not null,
  peak        numeric     null,
  valley      numeric     null,
  period      text collate "C" not null,
  from_on     date        null,
  months      integer     not null,
  kwh         bigint      null,
  peak_kwh    bigint      null,
  valley_kwh  bigint      null,
  flags       text        not null,
  event_id    uuid        not null,
  recorded_at timestamptz not null,
  primary key (account_no, meter_no, read_on)
);

-- Both unique keys are promises: a number is given out once, and a period is billed once.
create table if not exists invoice (
  invoice_no   text collate "C" not null primary key,
  account_no   text collate "C" not null,
  utility      text collate "C" not null,
  period       text collate "C" not null,
  kind         text collate "C" not null,
  amount_fen   bigint      not null,
  net_fen      bigint      not null,
  tax_fen      bigint      not null,
  class        text        not null,
  plan         text        not null,
  plan_version integer     not null,
  issued_on    date        not null,
  due_on       date        not null,
  recorded_at  timestamptz not null,
  constraint invoice_once unique (account_no, utility, period, kind)
);

create table if not exists credit (
  note        text collate "C" not null primary key,
  invoice_no  text collate "C" not null,
  account_no  text collate "C" not null,
  amount_fen  bigint      not null,
  net_fen     bigint      not null,
  tax_fen     bigint      not null,
  reason      text        not null,
  issued_on   date        not null,
  recorded_at timestamptz not null
);
create index if not exists credit_account on credit (account_no);
-- Databases from before credits had net and tax: a note's net is what the net of all notes of its invoice so far grows
-- by, in proportion to the invoice's, exactly as the account decides it (Taxed.cs).
do $$ begin
  if not exists (
    select from information_schema.columns
    where table_schema = current_schema and table_name = 'credit' and column_name = 'net_fen')
  then
    alter table credit add column net_fen bigint null, add column tax_fen bigint null;
    with share as (
      select c.note, c.amount_fen, i.net_fen::numeric as net, i.amount_fen as of,
        sum(c.amount_fen) over (partition by c.invoice_no order by e.version) as upto
      from credit c join invoice i using (invoice_no)
      join mt_events e on e.stream_id = 'account-' || c.account_no and e.type = 'credit-issued.v1'
        and e.data ->> 'note' = c.note)
    update credit set net_fen = s.net, tax_fen = credit.amount_fen - s.net
    from (select note, round(upto * net / of) - round((upto - amount_fen) * net / of) as net from share) s
    where credit.note = s.note;
    alter table credit alter column net_fen set not null, alter column tax_fen set not null;
  end if;
end $$;

-- ── Billing runs ────────────────────────────────────────────────────────────────────────────────────────────────────

-- Read model of the run streams.
create table if not exists run (
  run        text    not null primary key,
  utility    text    not null,
  period     text    not null,
  issued_on  date    not null,
  due_on     date    not null,
  state      text    not null,
  draft      integer not null,
  cohort     integer not null,
  chunks     integer not null,
  plans      jsonb   not null,
  first_no   bigint  null,
  issued     integer not null,
  excepted   integer not null,
  excluded   integer not null,
  amount_fen bigint  not null,
  abandoned_by      text null,
  abandoned_because text null
);

-- Who is to be billed, frozen: the accounts of a chunk in order. Never changed.
create table if not exists run_cohort (
  run      text    not null,
  chunk_no integer not null,
  accounts text[]  not null,
  primary key (run, chunk_no)
);

-- The markers: a chunk's work and its marker are one transaction, and progress is the sum of the markers.
create table if not exists run_chunk (
  run         text        not null,
  chunk_no    integer     not null,
  accounts    integer     not null,
  draft       integer     not null,
  queued_at   timestamptz not null default clock_timestamp(),
  drafted_from bigint     null,
  drafted_at  timestamptz null,
  drafted     integer     not null default 0,
  drafted_fen bigint      not null default 0,
  numbered_at timestamptz null,
  first_no    bigint      null,
  issued      integer     not null default 0,
  issued_fen  bigint      not null default 0,
  posted_at   timestamptz null,
  attempts    integer     not null default 0,
  fault       text        null,
  primary key (run, chunk_no)
) with (fillfactor = 50);
-- attempts and fault: how often the chunk's work failed in this phase, and why the last time.

-- Accounts of a run that need a person, or that a person or the freeze took out. With an amount there is a draft.
create table if not exists run_exception (
  run        text    not null,
  account_no text collate "C" not null,
  chunk_no   integer not null,
  code       text    not null,
  message    text    not null,
  state      text    not null,
  amount_fen bigint  null,
  primary key (run, account_no)
);

-- The pattern of a run's draft. Every run has a table of its own like this, called draft_ and the run's name, made when
-- the cohort is frozen, emptied when it is drafted again and dropped when all of it is posted, so that no vacuum ever
-- has to clean up after a run. No run's name has an underscore, so none can be meant by the pattern's own name.
-- The fact is the JSON of the event to be appended; it begins with an empty invoice number, which posting fills in.
-- supply_version and basis say what the draft was rated from, see DraftBasis; drafts from before have none.
do $$ begin
  if to_regclass('run_draft') is null then
    drop table if exists draft_invoice;
  end if;
end $$;
create table if not exists run_draft (
  chunk_no     integer not null,
  account_no   text collate "C" not null,
  amount_fen   bigint  not null,
  net_fen      bigint  not null,
  tax_fen      bigint  not null,
  class        text    not null,
  plan         text    not null,
  plan_version integer not null,
  fact         text    not null,
  supply_version bigint null,
  basis        bytea   null,
  primary key (chunk_no, account_no)
);

-- Databases from before drafts knew what they were rated from, chunks could fail and runs could be abandoned.
do $$ declare draft text; begin
  if not exists (
    select from information_schema.columns
    where table_schema = current_schema and table_name = 'run' and column_name = 'abandoned_because')
  then
    alter table run add column abandoned_by text null, add column abandoned_because text null;
  end if;
  if not exists (
    select from information_schema.columns
    where table_schema = current_schema and table_name = 'run_chunk' and column_name = 'fault')
  then
    alter table run_chunk add column attempts integer not null default 0, add column fault text null;
    for draft in
      select format('%I', 'draft_' || run) from run where to_regclass(format('%I', 'draft_' || run)) is not null
    loop
      execute format('alter table %s add column supply_version bigint null, add column basis bytea null', draft);
    end loop;
  end if;
end $$;

-- The last invoice number given out per utility and period, across runs.
create table if not exists invoice_series (
  utility text   not null,
  period  text   not null,
  last_no bigint not null,
  primary key (utility, period)
);

-- Sealed manifests, written once by the transaction that completes the run. The key is not in this database. Manifests
-- that carried the key they were sealed with proved nothing; their runs are sealed again with the configured key.
create table if not exists run_manifest (
  run      text not null primary key,
  document text not null
);
do $$ begin
  if to_regclass('manifest_key') is not null then
    delete from run_manifest;
    drop table manifest_key;
  end if;
end $$;

-- MIGRATION reading-withdrawn
-- A reading that was withdrawn keeps its row until its day is read anew. Asked first, because altering waits for
-- whoever reads.
do $$ begin
  if not exists (
    select from information_schema.columns
    where table_schema = current_schema and table_name = 'reading' and column_name = 'withdrawn')
  then
    alter table reading add column withdrawn boolean not null default false;
  end if;
end $$;
