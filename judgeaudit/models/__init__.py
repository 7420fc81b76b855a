"""Where outputs come from: one file a kind of source."""
