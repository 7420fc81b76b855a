"""What a person reads: html, markdown, json, junit, terminal."""
