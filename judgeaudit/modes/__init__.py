"""Modes of degenerate output: what each looks like and how it is found."""
