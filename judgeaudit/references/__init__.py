"""Labels of one kind to one reference, one file a rule."""
