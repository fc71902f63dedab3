-- The id of what has a name of its own, such as an invoice: the same as Ids.Named gives.
create or replace function event_id(name text) returns uuid language sql immutable strict parallel safe as $$
  select encode(substr(sha256(convert_to(name, 'UTF8')), 1, 16), 'hex')::uuid
$$;

-- A database that is restored goes on from an earlier time, with versions that others have heard of already. Its events
-- from then on belong to a new epoch, and messages tell it.
create table if not exists restart_epoch (
  epoch          integer     not null primary key,
  after_sequence bigint      not null,
  begun_at       timestamptz not null default clock_timestamp()
);
comment on table restart_epoch is 'Record: when the database was set back to an earlier time.';

-- Begins one. Neither the numbers of events nor those of epochs are given out twice, as far as whoever restores knows
-- them from the database that was lost.
create or replace function begin_epoch(given_sequence bigint, given_epoch integer) returns integer language plpgsql
as $$
declare
  begun integer := greatest(given_epoch, (select coalesce(max(epoch), 0) from restart_epoch)) + 1;
  last_given bigint := greatest(
    given_sequence, (select case when is_called then last_value else 0 end from mt_events_sequence));
begin
  if last_given > 0 then
    perform setval('mt_events_sequence', last_given);
  end if;
  insert into restart_epoch (epoch, after_sequence) values (begun, last_given);
  return begun;
end $$;
