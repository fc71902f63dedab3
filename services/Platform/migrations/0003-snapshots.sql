-- States of long streams. A snapshot is read only by the code that made it; the others fold the events.
create table if not exists stream_snapshot (
  stream_id varchar not null primary key,
  fold      varchar not null,
  version   bigint  not null,
  last      uuid    not null,
  state     jsonb   not null
);
