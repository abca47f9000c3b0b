"""The documentation is held to the program: pages made from it, verbs, settings, tables, errors, examples, links."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from config import load_text
from config.settings import TABLES, described
from homeward.cli import VERBS, cli
from homeward.pages import PAGES, error_classes
from ledger.tallies import RULES
from ledger.voices import SORTED
from storage import Store

HOUSE = Path(__file__).parent.parent
DOCS = HOUSE / "docs"
README = (HOUSE / "README.md").read_text("utf-8")
ROOT = click.Context(cli, **cli.context_settings)
ROOMS = ("records", "config", "crawler", "desk", "extraction", "ledger", "storage", "alerts", "scheduler", "homeward")
PAGES_BY_HAND = ("README.md", "CHANGELOG.md", "docs/architecture.md", "docs/running.md", "docs/reading.md")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_from_the_program_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), f"docs/{name} is out of date; run ./run.sh docs"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example_and_stands_in_the_docs(verb: str) -> None:
    result = CliRunner().invoke(cli, [verb, "--help"])
    assert result.exit_code == 0, result.output
    assert f"Example: homeward {verb}" in result.output
    page = (DOCS / "commands.md").read_text("utf-8")
    command = cli.get_command(ROOT, verb)
    assert command is not None
    for option in command.params:
        assert not option.hidden if isinstance(option, click.Option) else True
        assert all(name in page for name in option.opts if name.startswith("--")), option.name
    assert f"homeward {verb}" in README


def test_every_setting_stands_in_the_docs() -> None:
    page = (DOCS / "settings.md").read_text("utf-8")
    for table in TABLES.values():
        for key, text, _, _ in described(table):
            assert f"| `{key}` |" in page
            assert text in page


def test_every_table_stands_in_the_docs(tmp_path: Path) -> None:
    page = (DOCS / "tables.md").read_text("utf-8")
    with Store.open(tmp_path / "h.db") as store:
        tables = [row["name"] for row in store.rows("select name from sqlite_master where type = 'table'")]
        for table in tables:
            if table.startswith(("sqlite_", "_sqlite", "versions_fts_")):
                continue
            assert f"## {table}\n" in page, f"say in homeward/pages.py what the table {table} is for"
            for column in store.rows(f"pragma table_info({table})"):
                assert re.search(rf"\b{column['name']}\b", page), f"{table}.{column['name']}"


def test_every_error_stands_in_the_docs() -> None:
    """Found in the source, so that one in a new module is not overlooked."""
    page, known = (DOCS / "errors.md").read_text("utf-8"), {kind.__name__ for kind in error_classes()}
    for path in (path for room in ROOMS for path in (HOUSE / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and {ast.unparse(base) for base in node.bases} & known:
                assert f"`{node.name}`" in page, f"{path.relative_to(HOUSE)}: {node.name}; see homeward/pages.py"


def commands() -> list[str]:
    """Every `homeward …` line in the shell blocks of the README and the docs."""
    found = []
    for name in PAGES_BY_HAND:
        for block in re.findall(r"```sh\n(.*?)```", (HOUSE / name).read_text("utf-8"), re.DOTALL):
            found += [line.strip() for line in block.splitlines() if line.strip().startswith("homeward ")]
    return found


@pytest.mark.parametrize("line", commands())
def test_the_commands_that_the_docs_show_are_ones_that_exist(line: str) -> None:
    words = shlex.split(line.partition("||")[0].partition("<")[0].partition(">")[0], comments=True)[1:]
    command = cli.get_command(ROOT, words[0])
    assert command is not None, line
    command.make_context(words[0], words[1:], parent=ROOT)  # parses every option; runs nothing


@pytest.mark.parametrize("query", re.findall(r"```sql\n(.*?)```", (DOCS / "reading.md").read_text("utf-8"), re.DOTALL))
def test_the_queries_that_the_docs_show_run(query: str, tmp_path: Path) -> None:
    with Store.open(tmp_path / "h.db") as store:
        assert store.rows(query) == []


def test_every_rule_that_chooses_a_value_is_explained() -> None:
    page = (DOCS / "reading.md").read_text("utf-8")
    for rule in (*RULES, *SORTED, "only value", "said last"):
        assert f"`{rule}`" in page, rule


def test_the_readme_names_the_two_commands_and_they_exist() -> None:
    script = (HOUSE / "run.sh").read_text("utf-8")
    for line in re.findall(r"^\./run\.sh (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{line}s?\(\) {{", script, re.MULTILINE), line
    assert re.search(r"^\./run\.sh demo", README, re.MULTILINE)
    assert re.search(r"^\./run\.sh test", README, re.MULTILINE)


def test_the_config_that_the_readme_shows_is_right() -> None:
    text, = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    config = load_text(text, {"HOMEWARD_SMTP_PASSWORD": "a", "HOMEWARD_SLACK_TOKEN": "b"})
    assert set(config.channels) == {"desk", "slack"}
    assert [told.id for told in config.subscriptions] == ["every-morning", "french-at-once"]


def test_what_the_readme_says_of_the_catalogue_is_so() -> None:
    result = CliRunner().invoke(cli, ["init", "--list", "--grade", "A", "--grade", "B", "--grade", "C", "--grade", "X"])
    rows = result.output.splitlines()[1:]
    assert f"157 sources with {len(rows)} addresses" in README  # GDELT is an index of others


@pytest.mark.parametrize("name", [*PAGES_BY_HAND, *(f"docs/{page}" for page in PAGES)])
def test_links_lead_somewhere(name: str) -> None:
    text = (HOUSE / name).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if not target.startswith("http"):
            assert ((HOUSE / name).parent / target).exists(), f"{name}: {target}"


def test_no_page_leads_to_a_file_of_the_code_that_is_not_there() -> None:
    for name in PAGES_BY_HAND:
        for path in re.findall(r"`((?:" + "|".join(ROOMS) + r"|tests)/[\w./]*)`", (HOUSE / name).read_text("utf-8")):
            assert (HOUSE / path).exists(), f"{name}: {path}"
