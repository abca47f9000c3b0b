"""What to watch and whom to tell: the config and the catalogue, checked, or an error that names file, table and key."""

from config.loading import load, load_text
from config.secrets import missing_secrets

__all__ = ["load", "load_text", "missing_secrets"]
