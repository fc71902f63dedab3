-- Whom a partner may ask about: the public picture of accounts, the newest version wins.
create table if not exists account (
  account_no  varchar not null primary key,
  masked_name varchar not null,
  region      varchar not null,
  project     varchar not null,
  class       varchar not null,
  version     bigint  not null
);

-- Every invoice with what stands against it. Settled ones stay; the index holds only those that somebody still owes.
create table if not exists open_charge (
  invoice_no    varchar not null primary key,
  account_no    varchar not null,
  utility       varchar not null,
  period        varchar not null,
  issued_on     date    not null,
  due_on        date    not null,
  amount_fen    bigint  not null,
  credited_fen  bigint  not null,
  allocated_fen bigint  not null,
  open_fen      bigint  not null generated always as (amount_fen - credited_fen - allocated_fen) stored
);
create index if not exists open_charge_account on open_charge (account_no) where open_fen > 0;

create table if not exists account_balance (
  account_no  varchar not null primary key,
  open_fen    bigint  not null,
  advance_fen bigint  not null
) with (fillfactor = 60);

-- One row per natural key (partner, bank date, serial), whichever account it was for: the key of all payments.
create table if not exists payment (
  payment_id  varchar not null primary key,
  partner     varchar not null,
  bank_date   date    not null,
  serial      varchar not null,
  account_no  varchar not null,
  channel     varchar not null,
  amount_fen  bigint  not null,
  receipt     varchar null,
  status      varchar not null,
  reversed_on date    null
);
-- What was reversed before the column existed was reversed on its own bank day: nothing else was possible.
do $$
begin
  if not exists (select from information_schema.columns
    where table_schema = current_schema() and table_name = 'payment' and column_name = 'reversed_on')
  then
    alter table payment add column reversed_on date null;
    update payment set reversed_on = bank_date where status = 'Reversed';
  end if;
end $$;
create index if not exists payment_day on payment (bank_date, partner);
-- A bank's REV line names a payment by its serial, on whatever day it came.
create index if not exists payment_serial on payment (partner, serial);
create index if not exists payment_reversed on payment (reversed_on, partner) where reversed_on is not null;

-- Reversals that the company makes itself, by two people.
create table if not exists reversal_request (
  request_no      varchar not null primary key,
  payment_id      varchar not null,
  account_no      varchar not null,
  amount_fen      bigint  not null,
  reason          varchar not null,
  requested_on    date    not null,
  requested_by    varchar not null,
  status          varchar not null,
  decided_on      date    null,
  decided_by      varchar null,
  decision_reason varchar null
);
create index if not exists reversal_request_open on reversal_request (request_no) where status = 'Open';

create table if not exists refund (
  refund_no   varchar not null primary key,
  account_no  varchar not null,
  amount_fen  bigint  not null,
  refunded_on date    not null,
  reason      varchar not null
);

-- The banks and channels that may bring money, and their conventions.
create table if not exists partner (
  partner     varchar not null primary key,
  name        varchar not null,
  channel     varchar not null,
  amount_rule varchar not null,
  day_cut     time    not null,
  encoding    varchar not null default 'Utf8',
  late_days   int     not null default 31
);
alter table partner add column if not exists encoding varchar not null default 'Utf8';
alter table partner add column if not exists late_days int not null default 31;

-- The file that a partner sent last for one of its days.
create table if not exists partner_day (
  partner    varchar not null,
  bank_date  date    not null,
  file_hash  varchar not null,
  lines      jsonb   not null,
  primary key (partner, bank_date)
);
-- Its REV lines: they may concern a payment of any day, so they are looked for in all files.
alter table partner_day add column if not exists reversals jsonb not null
  generated always as (jsonb_path_query_array(lines, '$[*] ? (@.type == "REV")')) stored;
