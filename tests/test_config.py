"""The config: what it comes to, and what is said of a wrong one. The catalogue, the first config, secrets."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pydantic import ValidationError

from config import load, load_text, missing_secrets
from config.catalogue import Catalogue, best, catalogue, choose, queries
from config.model import CrawlSettings
from config.regions import REGIONS, countries_of
from config.settings import TABLES, Crawl, Settings, described
from config.writing import first_config
from records.errors import ConfigError
from records.news import EndpointKind, EndpointPlan
from records.telling import Every

MAIL = """
[[channel]]
id = "desk"
kind = "email"
to = ["you@example.org"]
from = "homeward@example.org"
host = "smtp.example.org"
"""


def refusal(text: str, env: dict[str, str] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        load_text(text, env or {})
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_a_whole_config_comes_to_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "homeward.toml"
    path.write_text("""
        database = "data/h.db"
        catalogue = ["bbc-ar"]
        [crawl]
        contact = "desk@example.org"
        allow_networks = ["127.0.0.0/8"]
        interval = 600
        [[source]]
        id = "mine"
        name = "Mine"
        kind = "government"
        country = "FR"
        mirrors = ["mine.example", "mine.org"]
        [[source.endpoint]]
        url = "http://127.0.0.1:8000/feed"
        [[source.endpoint]]
        url = "https://mine.example/news"
        kind = "listing"
        link_pattern = "/news/\\\\d+"
        fetch = "all"
        min_interval = 1200
        """ + MAIL + """
        user = "u"
        password_env = "SMTP_PASSWORD"
        [[subscription]]
        id = "weekly"
        channel = "desk"
        every = "weekly"
        weekday = "fri"
        zone = "Asia/Baghdad"
        nationality = ["RU", "FR"]
        status = ["completed"]
        """, "utf-8")
    config = load(path, {"SMTP_PASSWORD": "hunter2"})
    assert config.database == tmp_path / "data" / "h.db"
    assert config.crawl == CrawlSettings(contact="desk@example.org", allow_networks=("127.0.0.0/8",))
    assert [source.id for source in config.sources] == ["bbc", "mine"]
    assert config.sources_by_id["mine"].mirrors == ("mine.example", "mine.org")
    assert config.endpoints[0].url == "https://feeds.bbci.co.uk/arabic/rss.xml"
    assert config.endpoints[1] == EndpointPlan(source_id="mine", url="http://127.0.0.1:8000/feed", allow_private=True,
                                               interval=600)
    assert config.endpoints[2] == EndpointPlan(
        source_id="mine", url="https://mine.example/news", kind=EndpointKind.LISTING, fetch="all",
        link_pattern=r"/news/\d+", interval=1200, min_interval=1200)
    desk = config.channels["desk"]
    assert (desk.kind, desk.to, desk.secret) == ("email", ("you@example.org",), "hunter2")
    assert desk.settings["from"] == "homeward@example.org"
    assert (desk.settings["host"], desk.settings["port"], desk.settings["tls"]) == ("smtp.example.org", 587, "starttls")
    weekly, = config.subscriptions
    assert (weekly.every, weekly.weekday, weekly.zone) == (Every.WEEKLY, "fri", "Asia/Baghdad")
    assert weekly.nationality == ("RU", "FR")
    assert "hunter2" not in repr(config)


@pytest.mark.parametrize(("text", "said"), [
    ('databse = "x"', "the top of the file has an unknown key 'databse'; did you mean 'database'?"),
    ("[crawl]\ndealy = 1", "[crawl] has an unknown key 'dealy'; did you mean 'delay'?"),
    ('[crawl]\ndelay = "fast"', '[crawl]: delay = "fast" must be a valid number'),
    ("[crawl]\nconcurrency = 0\ndelay = -1", "concurrency = 0 must be greater than or equal to 1 (1 more"),
    ("[crawl]\nmin_interval = 900\nmax_interval = 600", "min_interval = 900 is above max_interval = 600"),
    ('[crawl]\nallow_networks = ["home"]', 'allow_networks has "home", which is no network'),
    ('[[source]]\nname = "A"', "[[source]] number 1 lacks the key 'id'"),
    ('[[source]]\nid = "a"\nname = "A"\nkind = "blog"', "[[source]] \"a\": kind = \"blog\" is not allowed; allowed is"),
    ('[[source]]\nid = "a"\nname = "A"\n[[source.endpoint]]\nurl = "file:///etc/passwd"',
     'url = "file:///etc/passwd" must be an http:// or https:// address'),
    ('[[source]]\nid = "a"\nname = "A"\n[[source.endpoint]]\nurl = "http://a"\nlink_pattern = "("',
     "is not a regular expression"),
    ('[[source]]\nid = "a"\nname = "A"\n[[source.endpoint]]\nurl = "http://a"\nallow_private = true',
     "allow_private needs its network in allow_networks"),
    ('[[source]]\nid = "a"\nname = "A"\n[[source]]\nid = "a"\nname = "B"', '[[source]] "a" is there twice'),
    ('[[source]]\nid = "bbc"\nname = "A"\n', "catalogue = "),
    ('catalogue = ["rudaw-eng"]', 'does not know; did you mean "rudaw-en"?'),
    ('catalogue = ["basnews"]', "no working address is known"),
    ('[[channel]]\nid = "m"\nkind = "pigeon"', "the kinds are email, slack-webhook, slack-bot, webhook, apprise"),
    (MAIL + "tsl = 'tls'", "[[channel]] \"desk\" has an unknown key 'tsl'; did you mean 'tls'?"),
    (MAIL.replace("you@example.org", "you"), '"you" does not have the form of a mail address'),
    ('[[subscription]]\nid = "s"\nchannel = "desk"', 'names the channel "desk", which no [[channel]] has'),
    (MAIL + '[[subscription]]\nid = "s"\nchannel = "desk"\nzone = "Berlin"', 'such as "Europe/Berlin"'),
    (MAIL + '[[subscription]]\nid = "s"\nchannel = "desk"\nhour = 24', "hour = 24 must be less than or equal to 23"),
    (MAIL + '[[subscription]]\nid = "s"\nchannel = "desk"\nnationality = ["Russia"]', "two capital letters"),
    ('[source]\nid = "a"', "[source] needs double brackets, [[source]]"),
    ("source = 3", "source = 3 must be a list"),
    ("database = ", "is not valid TOML"),
])
def test_a_wrong_config_is_told_with_file_table_and_key(text: str, said: str) -> None:
    if said == "catalogue = ":  # a source of one's own with the id of a catalogued one, both asked for
        text, said = 'catalogue = ["bbc"]\n' + text, '[[source]] "bbc" is there twice'
    message = refusal(text)
    assert message.startswith("homeward.toml")
    assert said in message
    assert "\n" not in message


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no config at .*nothing.toml; write one with `homeward init`"):
        load(tmp_path / "nothing.toml", {})
    with pytest.raises(ConfigError, match="is a folder"):
        load(tmp_path, {})
    (tmp_path / "latin.toml").write_bytes('# caf\u00e9'.encode("latin-1"))
    with pytest.raises(ConfigError, match="is not UTF-8 text"):
        load(tmp_path / "latin.toml", {})


@pytest.mark.parametrize("inline", ['password = "hunter2"', 'token = "hunter2"', 'url = "https://hooks/hunter2"'])
def test_a_secret_in_the_file_is_refused_and_not_repeated(inline: str) -> None:
    message = refusal(MAIL + inline)
    assert "_env = " in message
    assert "hunter2" not in message
    assert "hunter2" not in refusal(MAIL + 'password_env = "hunter2!"')


def test_a_secret_comes_from_a_file_and_a_missing_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("hunter2\n", "utf-8")
    hook = '[[channel]]\nid = "hook"\nkind = "slack-webhook"\nurl_env = "HOOK"\n'
    bot = '[[channel]]\nid = "bot"\nkind = "slack-bot"\nchannel = "C1"\n'
    path = tmp_path / "homeward.toml"
    path.write_text(MAIL + 'password_file = "password"\n' + hook + bot, "utf-8")
    config = load(path, {})
    assert config.channels["desk"].secret == "hunter2"
    assert config.channels["bot"].to == ("C1",)
    first, second = missing_secrets(config)
    assert first.endswith('[[channel]] "hook": its url was not found in the environment variable HOOK')
    assert second.endswith('[[channel]] "bot" needs token_env or token_file')
    assert missing_secrets(load_text(MAIL, {})) == []


def test_the_catalogue_is_whole_and_every_id_in_it_can_be_asked_for() -> None:
    sources = catalogue()
    endpoints = [(source, endpoint) for source in sources for endpoint in source.endpoint]
    assert len(sources) == 158  # 157 that write, and GDELT
    assert Counter(endpoint.grade for _, endpoint in endpoints) == {"A": 102, "B": 102, "C": 124, "X": 9}
    assert Counter(endpoint.kind for _, endpoint in endpoints) == {"feed": 266, "listing": 47, "sitemap": 20,
                                                                   "gdelt": 3, "reliefweb": 1}
    assert all(source.affiliation for source in sources)
    ids = [endpoint.id for _, endpoint in endpoints]
    assert len(set(ids)) == len(ids)
    assert len({endpoint.url for _, endpoint in endpoints}) == len(endpoints)
    assert not {source.id for source in sources} & set(ids)
    assert all(endpoint.grade and endpoint.language for _, endpoint in endpoints)
    wanted = [f'"{endpoint.id}"' for _, endpoint in endpoints]
    config = load_text(f'catalogue = [{", ".join(wanted)}]\n[services]\nreliefweb_appname = "desk"', {})
    asked = sum(max(len(endpoint.query or queries()["en"]), 1) if "{query}" in endpoint.url else 1
                for _, endpoint in endpoints)
    assert len(config.endpoints) == asked > len(endpoints)
    assert {endpoint.grade for endpoint in best(next(source for source in sources if source.id == "presstv"))} == {"A"}


def test_a_spiders_pattern_fits_the_addresses_that_were_seen_and_no_page_that_lists_them() -> None:
    seen = json.loads((Path(__file__).parent / "cases" / "article_addresses.json").read_text("utf-8"))
    by_id = {source.id: source for source in catalogue()}
    assert len(seen) == 14
    for source_id, addresses in seen.items():
        patterns = [endpoint.link_pattern for endpoint in by_id[source_id].endpoint if endpoint.link_pattern]
        for address in addresses:
            assert any(re.search(pattern, address) for pattern in patterns), (source_id, address)
        for endpoint in by_id[source_id].endpoint:
            listing = endpoint.kind is EndpointKind.LISTING
            assert not listing or not any(re.search(pattern, endpoint.url) for pattern in patterns), endpoint.url


def test_a_fault_in_the_catalogue_would_be_found() -> None:
    with pytest.raises(ValidationError, match="graed"):
        Catalogue.model_validate({"source": [{"id": "a", "name": "A", "endpoint": [{"url": "http://a", "graed": 1}]}]})


def test_choosing_by_language_country_kind_and_grade() -> None:
    assert {endpoint.language for _, endpoint in choose(languages=["fr", "de"])} == {"fr", "de"}
    assert {source.country for source, _ in choose(countries=["SY"])} == {"SY"}
    assert {source.kind for source, _ in choose(kinds=["un"], grades=["A", "B"])} == {"un"}
    newcomer = choose()
    assert 20 <= len(newcomer) <= 35
    assert {endpoint.language for _, endpoint in newcomer} == {"en", "ar"}
    assert {(endpoint.grade, endpoint.kind) for _, endpoint in newcomer} == {("A", EndpointKind.FEED)}


def test_the_first_config_loads_and_shows_every_setting_of_the_crawl() -> None:
    text = first_config(choose(), contact="desk@example.org")
    config = load_text(text, {})
    assert len(config.endpoints) == len(choose())
    assert config.crawl == CrawlSettings(contact="desk@example.org")
    for key, _, _, _ in described(Crawl):
        assert re.search(rf"^(# )?{key} = ", text, re.MULTILINE), key
    assert max(map(len, text.splitlines())) <= 160


def test_what_the_first_config_shows_commented_out_is_right_too() -> None:
    text = first_config(choose())
    start = text.index("# [[source]]")
    awake = "".join(line.removeprefix("# ") if line.startswith("# [") or (line.startswith("# ") and "=" in line)
                    else "#" + line for line in text[start:].splitlines(keepends=True))
    config = load_text(text[:start] + awake, {"HOMEWARD_SMTP_PASSWORD": "a", "HOMEWARD_SLACK_TOKEN": "b"})
    assert set(config.channels) == {"desk", "slack"}
    assert [told.id for told in config.subscriptions] == ["daily"]
    assert config.archive is not None
    assert config.sources[-1].id == "example"
    assert not missing_secrets(config)


def test_defaults_are_written_down_once() -> None:
    shown = {key: default for key, _, default, _ in described(Crawl)}
    assert asdict(CrawlSettings()).items() <= shown.items()
    plan = EndpointPlan(source_id="a", url="b")
    assert (plan.interval, plan.min_interval, plan.max_interval) == (
        shown["interval"], shown["min_interval"], shown["max_interval"])


def test_every_setting_says_what_it_is() -> None:
    for name, table in TABLES.items():
        for key, text, _, _ in described(table):
            assert len(text) > 3, f"[{name}] {key}"
    assert set(Settings.model_fields) >= set(tomllib.loads(first_config(choose())))


def test_regions_are_of_countries_and_nothing_that_its_terms_forbid_is_proposed() -> None:
    """Google News and Bing allow their feeds to a person's own reader only; links of such aggregators lead nowhere."""
    assert all(re.fullmatch("[A-Z]{2}", code) for codes in REGIONS.values() for code in codes)
    assert countries_of(["russia", "iraq-and-syria"]) == {"RU", "BY", "IQ", "SY"}
    assert countries_of([]) == frozenset()
    proposed = choose()
    assert proposed
    for source, endpoint in [*proposed, *choose(grades="ABC")]:
        host = urlsplit(endpoint.url).hostname or ""
        assert not host.endswith(("news.google.com", "bing.com", "rsshub.app", "t.me")), endpoint.url
        assert source.endpoint
    assert {endpoint.grade for _, endpoint in proposed} == {"A"}, "what was not seen to work is not on by default"
