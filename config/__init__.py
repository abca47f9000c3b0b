"""What to watch and whom to tell: the config and the catalogue, checked, or an error that names file, table and key."""
