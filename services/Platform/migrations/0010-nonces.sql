-- Texts that signed requests used, for as long as the requests could be sent once more.
create table if not exists nonce (
  sender text        not null,
  text   text        not null,
  at     timestamptz not null,
  primary key (sender, text)
);
create index if not exists nonce_age on nonce (at);
comment on table nonce is 'Record: which signed requests were carried out or refused.';
