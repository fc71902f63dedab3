-- Customers are found by keyed hashes of name and telephone number (docs/adr/0039). The rows follow from no event: a
-- hash is personal data, and an erasure deletes it.
create table if not exists customer_search (
  customer_no text  not null primary key,
  name        bytea not null,
  phone       bytea null
);
create index if not exists customer_search_name_customer_no_idx on customer_search (name, customer_no);
create index if not exists customer_search_phone_customer_no_idx on customer_search (phone, customer_no);
comment on table customer_search is 'Record: keyed hashes by which customers are found.';

-- The accounts of a customer, for corrections and erasures.
create index if not exists accounts_customer_no_idx on accounts (customer_no);

-- Refusals repeated what was in the line, which may have been a name in the wrong column; they do so no longer. First
-- answers to imports are decided afresh.
update import_refusals set
  account = case when account ~ '^[0-9]{6,14}$' then account else '' end,
  message = regexp_replace(message, '''.*''', 'The field', 'g')
where message like '%''%' or account !~ '^[0-9]{6,14}$';
delete from idempotency where route like '/imports/%';
