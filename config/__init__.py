"""What to watch and whom to tell: `homeward.toml` and the catalogue, checked, or an error that names file, table and key."""
