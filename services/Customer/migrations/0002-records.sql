comment on table imports is 'Record: what was answered to a file.';
comment on table import_refusals is 'Record: the lines of a file that were refused, as they were.';
