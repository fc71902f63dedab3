-- The drafts of runs that are not posted yet move to where the service makes new ones.
do $$
declare draft record;
begin
  for draft in select tablename from pg_tables where schemaname = 'public' and tablename like 'draft\_%' loop
    execute format('alter table public.%I set schema work', draft.tablename);
  end loop;
end $$;
