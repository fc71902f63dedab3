-- An epoch is the second in which it began, counted from 2025: greater than every earlier one also when the database
-- that gave the former ones out is gone and nobody can say which they were. For the same reason a message of it has an
-- id that no earlier message had, though numbers of events may be given out once more then.
create or replace function begin_epoch(given_sequence bigint, given_epoch integer) returns integer language plpgsql
as $$
declare
  begun integer := greatest(
    given_epoch + 1, (select coalesce(max(epoch), 0) from restart_epoch) + 1,
    extract(epoch from clock_timestamp() - timestamptz '2025-01-01 00:00:00+00')::integer);
  last_given bigint := greatest(
    given_sequence, (select case when is_called then last_value else 0 end from mt_events_sequence));
begin
  if last_given > 0 then
    perform setval('mt_events_sequence', last_given);
  end if;
  insert into restart_epoch (epoch, after_sequence) values (begun, last_given);
  return begun;
end $$;

-- A database that has epochs of the former kind goes on in one of this kind.
do $$
begin
  if exists (select from restart_epoch) then
    perform begin_epoch(0, 0);
  end if;
end $$;
