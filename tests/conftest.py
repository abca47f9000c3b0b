"""Fixtures that several files of tests share."""

from tests.command import crawled, ledger, own_log, verb

__all__ = ["crawled", "ledger", "own_log", "verb"]
