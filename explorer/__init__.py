"""The ledger for other eyes and programs: what the store holds, in forms that others read."""
