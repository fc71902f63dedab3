comment on table partner is 'Record: what was agreed with a partner.';
