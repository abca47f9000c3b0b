"""Where news meets memory: one article read, judged against what is near, and written once."""

from __future__ import annotations

from desk.filing import file
from extraction.claims import read_claims as read

__all__ = ["file", "read"]
