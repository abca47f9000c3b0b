"""Languages: adding one is adding a file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from extraction.claims import gazetteer, look, read_claims
from extraction.claims.lexicon import lexicon
from tests.test_claims import article


def test_adding_a_language_is_adding_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An invented language, known by one small file, gives topic, event, number, nationality, places and date."""
    shutil.copytree(gazetteer.FOLDER, tmp_path / "lexicons")
    (tmp_path / "lexicons" / "qya.toml").write_text(
        """
lang = "qya"
[groups]
children = ["hin", "hini"]
women = ["nis", "nissi"]
[move.repatriation]
strong = ["entulner"]
[words]
from = ["et"]
to = ["mir"]
and = ["ar"]
[time]
on = ["re"]
[time.months]
"narvinye" = 1
[topic]
daesh = ["daesh"]
[nations]
FR = ["hyarmenya*", "hyarmen~"]
SY = ["rhun~"]
""",
        "utf-8",
    )
    monkeypatch.setattr(gazetteer, "FOLDER", tmp_path / "lexicons")
    caches = (gazetteer.languages, lexicon)
    for cache in caches:
        cache.cache_clear()
    try:
        text = "Hyarmen entulner 15 nissi ar 32 hini et roj, rhun, mir Paris re 24 narvinye 2023. Daesh."
        reading = read_claims(article(text, lang="qya"))
        assert reading.relevant
        (claim,) = reading.claims
        assert claim.main
        assert {group.value: count.value for group, count in claim.counts.items()} == {
            "women": 15, "children": 32, "total": 47,
        }
        assert (claim.nationality, claim.origin_country, claim.origin_place) == (("FR",), "SY", "Roj")
        assert (claim.destination_country, claim.destination_place) == ("FR", "Paris")
        assert claim.event_date == "2023-01-24"
        assert look("Hyarmen entulner hini et rhun", None, "qya").relevant
    finally:
        monkeypatch.undo()
        for cache in caches:
            cache.cache_clear()
