-- Users, roles and clients are changed in place, as the libraries expect; no event could bring them back.
comment on table data_protection_keys is 'Record: keys of cookies and forms, encrypted.';
comment on table oauth_applications is 'Record: the programs that may sign in.';
comment on table oauth_scopes is 'Record: scopes of the issuer.';
comment on table oauth_authorizations is 'Record: what was granted to whom.';
comment on table oauth_tokens is 'Record: codes and refresh tokens that were issued.';
comment on table roles is 'Record: roles with their rights.';
comment on table role_claims is 'Record: claims of roles.';
comment on table users is 'Record: who people are.';
comment on table user_claims is 'Record: claims of users.';
comment on table user_logins is 'Record: accounts of users elsewhere.';
comment on table user_roles is 'Record: the roles of users.';
comment on table user_tokens is 'Record: secrets of authenticator apps.';
comment on table used_codes is 'Record: codes that were used already.';
