"""One file a format: how a file becomes outputs, verdicts and labels."""
