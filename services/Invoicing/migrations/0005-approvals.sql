-- What takes two people: proposals, and where the limits differ from those delivered. Both follow from events.
create table if not exists proposal (
  kind            text        not null,
  key             text        not null,
  round           integer     not null,
  status          text        not null,
  request         jsonb       not null,
  changes         jsonb       not null,
  amount_fen      bigint      null,
  account_no      text        null,
  reason          text        null,
  proposed_by     text        not null,
  proposed_at     timestamptz not null,
  expires_at      timestamptz not null,
  digest          text        not null,
  decided_by      text        null,
  decided_at      timestamptz null,
  decision_reason text        null,
  failure         text        null,
  primary key (kind, key)
);
create index if not exists proposal_open on proposal (expires_at, kind, key) where status = 'Open';
create index if not exists proposal_decided on proposal (status, expires_at, kind, key);

create table if not exists approval_limit (
  kind      text    not null primary key,
  alone_fen bigint  null,
  open_days integer not null
);
