-- valid_to is the last day that counts: that of the document, or the day before a successor began.
create table if not exists plan_versions (
  plan          text    not null,
  version       integer not null,
  status        text    not null,
  name_zh       text    not null,
  name_en       text    not null,
  utility       text    not null,
  region        text    not null,
  valid_from    date    not null,
  valid_to      date    null,
  superseded_by integer null,
  primary key (plan, version)
);
