"""Fixtures that several files of tests share."""

from tests.command import crawled, ledger, verb

__all__ = ["crawled", "ledger", "verb"]
