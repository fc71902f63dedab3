comment on table advance is
  'Every movement of money once, also one that left the advance as it was (amount 0): by it a movement is known again.';
