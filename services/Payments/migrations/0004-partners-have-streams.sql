-- What is agreed with a partner is a stream of events, and the table follows from them. Partners who were there before
-- get one event each, of what was agreed last.
comment on table partner is null;

with known as (
  select 'partner-' || partner as stream_id, jsonb_build_object('terms', jsonb_build_object(
      'code', partner, 'name', name, 'channel', channel,
      'amountRule', case amount_rule when 'AtLeastDue' then 'AT_LEAST_DUE' else upper(amount_rule) end,
      'dayCut', to_char(day_cut, 'HH24:MI:SS'),
      'encoding', case encoding when 'Utf8' then 'UTF-8' else upper(encoding) end,
      'lateDays', late_days)) as data
  from partner p where not exists (select from mt_streams s where s.id = 'partner-' || p.partner)),
begun as (
  insert into mt_streams (id, type, version) select stream_id, 'partner', 1 from known)
insert into mt_events (seq_id, id, stream_id, version, data, type, mt_dotnet_type, headers, timestamp)
select nextval('mt_events_sequence'), gen_random_uuid(), stream_id, 1, data, 'partner-saved.v1',
  'Billing.Payments.PartnerSaved, Billing.Payments', '{"by": "migration", "from": "local"}', now()
from known;

-- Which projects are delegated to it, and how often it may ask.
alter table partner add column if not exists projects jsonb not null default '[]';
alter table partner add column if not exists limits jsonb null;

-- The keys by which partners sign. Their secrets are nowhere: they are derived from a key outside of the database.
create table if not exists partner_key (
  partner    text    not null,
  key        text    not null,
  master     text    not null,
  issued_on  date    not null,
  good_until date    not null,
  told       boolean not null,
  ended      boolean not null,
  primary key (partner, key)
);
