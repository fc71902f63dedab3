-- One row per invoice: its facts once they are known, and running sums of what was credited and allocated. Money may be
-- heard of before its invoice; then the facts are still null, and nothing is open because nothing is known to be owed.
-- Text compares by bytes: numbers and names need no language, and rows are locked in the same order everywhere.
create table if not exists receivable (
  amount_fen    bigint           null,
  credited_fen  bigint           not null default 0,
  allocated_fen bigint           not null default 0,
  open_fen      bigint           generated always as (amount_fen - credited_fen - allocated_fen) stored,
  issued_on     date             null,
  due_on        date             null,
  invoice_no    text collate "C" not null primary key,
  account_no    text collate "C" not null,
  utility       text collate "C" null,
  period        text collate "C" null,
  region        text collate "C" null,
  project       text collate "C" null,
  class         text collate "C" null
);
create index if not exists receivable_account on receivable (account_no);
-- What is open is a small part of what was ever billed; ageing, arrears and the sweep look at nothing else.
create index if not exists receivable_open on receivable (account_no, due_on) where open_fen <> 0;

-- The facts behind the sums. Their keys make a fact that comes again, alone or in other company, count once.
create table if not exists credit (
  credit_note text collate "C" not null primary key,
  invoice_no  text collate "C" not null,
  amount_fen  bigint           not null,
  issued_on   date             not null
);
create table if not exists allocation (
  event_id   uuid             not null,
  invoice_no text collate "C" not null,
  amount_fen bigint           not null,
  moved_on   date             not null,
  primary key (event_id, invoice_no)
);
create table if not exists advance (
  event_id   uuid             not null primary key,
  account_no text collate "C" not null,
  amount_fen bigint           not null,
  moved_on   date             not null
);
create table if not exists account_advance (
  account_no  text collate "C" not null primary key,
  advance_fen bigint           not null
);

-- The newest event heard of from each publisher. Connections spread over some rows, so that consumers at work side by
-- side do not wait for one another; the position is the largest of them.
create table if not exists heard (
  publisher   text        not null,
  slot        integer     not null,
  sequence    bigint      not null,
  recorded_at timestamptz not null,
  primary key (publisher, slot)
);

-- How each account stood when a sweep last found a change; follows from the account's own stream.
create table if not exists standing (
  account_no text collate "C" not null primary key,
  overdue    boolean          not null,
  since      date             null,
  as_of      date             not null
);
create index if not exists standing_overdue on standing (account_no) where overdue;
