"""One file a finding: code, when it applies, its words."""
