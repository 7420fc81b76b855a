"""One file a measure: its table and a function from it."""
