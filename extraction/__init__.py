"""Bytes to entries, articles and claims. Pure: no network, no SQL, no clock."""
