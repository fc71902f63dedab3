comment on table run_cohort is 'Record: who was to be billed when a run was frozen.';
comment on table run_chunk is 'Record: which work of a run is done; it and its effect are one transaction.';
comment on table run_exception is 'Record: who was not billed by a run, why, and what a person said to it.';
comment on table run_draft is 'Record: the pattern of a run''s draft.';
comment on table invoice_series is 'Record: the last number given out.';
comment on table run_manifest is 'Record: what was sealed, to the byte.';
