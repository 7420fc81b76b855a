"""One file a kind of judge."""
