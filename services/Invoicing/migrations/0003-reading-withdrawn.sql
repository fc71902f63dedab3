-- A reading that a person withdrew stays until its day is read anew; nothing is billed by it.
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
