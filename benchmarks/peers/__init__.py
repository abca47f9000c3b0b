"""Homeward beside the readers that people use, over the same feeds, in one run on loopback."""
