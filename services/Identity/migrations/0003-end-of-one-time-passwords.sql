-- A one-time password is good for some days; the one of the first administrator has no end.
alter table users add column password_ends_at timestamp with time zone;

update users set password_ends_at = now() + interval '7 days' where password_is_one_time;
