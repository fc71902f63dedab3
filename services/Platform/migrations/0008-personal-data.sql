-- Personal data under lock (docs/adr/0039). The data key of each customer, wrapped by a master key that lies outside of
-- the database; without its bytes whatever was sealed with it can never be read again.
create table if not exists customer_keys (
  customer     text        not null primary key,
  wrapped      bytea       null,
  master_key   text        not null,
  created_at   timestamptz not null default now(),
  destroyed_at timestamptz null,
  constraint customer_keys_destroyed check ((wrapped is null) = (destroyed_at is not null))
);
comment on table customer_keys is 'Record: the key of each customer, wrapped; or when it was destroyed.';

-- Who has read personal data, and why. The service adds rows and neither changes nor deletes them.
create table if not exists personal_data_reads (
  read_id     uuid        not null primary key,
  at          timestamptz not null,
  reader      text        not null,
  customer    text        not null,
  fields      text[]      not null,
  reason      text        not null,
  address     text        not null,
  correlation text        null
);
create index if not exists personal_data_reads_customer_read_id_idx on personal_data_reads (customer, read_id);
comment on table personal_data_reads is 'Record: who has read personal data, and why.';

-- Documents about customers, each encrypted under the key of its customer and named by the hash of its ciphertext.
create table if not exists documents (
  sha256     bytea       not null primary key,
  customer   text        not null,
  media_type text        not null,
  size       integer     not null,
  bytes      bytea       not null,
  kept_at    timestamptz not null default now()
);
alter table documents alter column bytes set storage external;
create index if not exists documents_customer_idx on documents (customer);
comment on table documents is 'Record: documents about customers, encrypted.';
