"""lemon24/reader over the same feeds. Run by the peers' own Python.

python reader_run.py URLS DATABASE WORKERS
"""

import sys
import time
from pathlib import Path

import reader


def told(_, entry, status):
    """What a plug-in that sends alerts would hang on to."""
    if "al-Hol" in (entry.title or ""):
        print(f"told {time.time():.3f} {entry.title}", flush=True)


kept = reader.make_reader(sys.argv[2])
for url in Path(sys.argv[1]).read_text("utf-8").split():
    kept.add_feed(url, exist_ok=True)
kept.after_entry_update_hooks.append(told)
kept.update_feeds(scheduled=False, workers=int(sys.argv[3]))  # all, not only those its own rhythm has due
