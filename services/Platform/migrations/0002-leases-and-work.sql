-- What a service makes and drops by itself, such as the drafts of a run.
create schema if not exists work;

-- Who leads something that only one process may do at a time. A leader that does not renew in time has lost it, whether
-- it knows or not; the epoch tells its writes from those of whoever came after.
create table if not exists lease (
  name   varchar     not null primary key,
  holder varchar     not null,
  epoch  bigint      not null,
  until  timestamptz not null
);

-- Ends a page of a subscription that is not its reader's to write: somebody else leads meanwhile, or has moved the
-- progress. Called after the progress was moved, it looks whether this very transaction did that.
create or replace function refuse_stale_reader(shard varchar, ceiling bigint, leads varchar, its_epoch bigint)
returns void language plpgsql as $$
begin
  if not exists (select from lease where name = leads and epoch = its_epoch) then
    raise exception '% leads no longer', leads using errcode = 'BL410';
  end if;
  if not exists (select from mt_event_progression where name = shard and last_seq_id = ceiling
    and xmin::text::bigint = pg_current_xact_id()::text::bigint % 4294967296) then
    raise exception '% was moved by somebody else', shard using errcode = 'BL410';
  end if;
end $$;
