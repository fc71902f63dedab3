-- A table whose rows follow from no event is a record, and says so: rebuild leaves it alone, and makes everything else
-- again. Marten's own tables are named mt_.
comment on table inbox is 'Record: which messages have had their effect.';
comment on table idempotency is 'Record: what was answered to whom.';
comment on table readiness is 'Record: who wrote last, and when.';
comment on table lease is 'Record: who leads, and until when.';
comment on table stream_snapshot is 'Record: what some code made of a stream; any other folds the events.';
do $$ begin
  if to_regclass('schema_version') is not null then
    comment on table schema_version is 'Record: what the schema has been through.';
  end if;
end $$;
