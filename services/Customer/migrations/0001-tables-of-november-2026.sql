-- Index names are those PostgreSQL gives by itself, so that a rebuilt table keeps them.
create table if not exists accounts (
  account_no       text not null primary key,
  customer_no      text not null,
  masked_name      text not null,
  region           text not null,
  project          text not null,
  class            text not null,
  electricity_plan text null,
  heat_plan        text null,
  opened_on        date not null
);
create index if not exists accounts_project_account_no_idx on accounts (project, account_no);

-- What the other services say about an account. Its own events are read from its stream.
create table if not exists account_timeline (
  account_no text        not null,
  event_id   uuid        not null,
  at         timestamptz not null,
  source     text        not null,
  kind       text        not null,
  amount_fen bigint      null,
  detail     jsonb       not null,
  primary key (account_no, event_id)
);

create table if not exists imports (
  import_id  uuid        not null primary key,
  started_at timestamptz not null default now()
);
create table if not exists import_refusals (
  import_id uuid   not null references imports (import_id),
  line      bigint not null,
  account   text   not null,
  field     text   not null,
  code      text   not null,
  message   text   not null,
  primary key (import_id, line)
);

-- Versions of Tariff's price plans. What ends a version may arrive before its publication; until then its utility is
-- null. valid_to is the last day that counts; sequence and the times are those of the newest fact that came in.
create table if not exists plan_version (
  plan          text        not null,
  version       integer     not null,
  utility       text        null,
  classes       text[]      not null,
  currency      text        not null,
  valid_from    date        null,
  valid_to      date        null,
  withdrawn     boolean     not null,
  superseded_by integer     null,
  sequence      bigint      not null,
  recorded_at   timestamptz not null,
  applied_at    timestamptz not null,
  primary key (plan, version)
);
