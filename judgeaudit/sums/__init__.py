"""Tables of counts, resampling and intervals."""
