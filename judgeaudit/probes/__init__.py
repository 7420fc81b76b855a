"""Probes: what can be done to a known output, one file a kind, each with what a sound judge should make of it."""
