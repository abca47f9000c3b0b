#!/usr/bin/env bash
# The development page of Homeward: every verb sets up what it needs. `./run.sh` lists them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1

python_311() {  # the first Python of 3.11 or newer
    local name
    for name in python3.11 python3.12 python3.13 python3.14 python3; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"; return
        fi
    done
    echo "run.sh: Homeward needs Python 3.11 or newer, and none was found; install it (Debian: apt install python3.11) and try again." >&2
    return 1
}

install() {  ## make .venv with the locked versions (done by every other verb when needed)
    local python stamp=.venv/locked
    if [ -f "$stamp" ] && cmp -s requirements.lock "$stamp"; then return; fi
    python=$(python_311)
    "$python" -c 'import venv, ensurepip' 2>/dev/null || {
        echo "run.sh: $python can't make virtual environments; install its venv module (Debian: apt install python3-venv) and try again." >&2
        return 1; }
    echo "Setting up .venv (once, about a minute) ..." >&2
    "$python" -m venv --clear .venv
    .venv/bin/pip install -qq --requirement requirements.lock
    .venv/bin/pip install -qq --no-deps --no-build-isolation --editable .
    cp requirements.lock "$stamp"
}

demo() {  ## three days of news in a newsroom on loopback: the whole journey, no network, no configuration
    install; .venv/bin/homeward demo "$@"
}

tests() {  ## the test suite (arguments go to pytest)
    install
    if [ $# = 0 ]; then set -- -n 2 --dist loadfile; fi  # much of it waits for processes; a file's tests share what they start
    .venv/bin/python -m pytest "$@"
}

lint() {  ## ruff
    install; .venv/bin/ruff check .
}

types() {  ## mypy --strict
    install; .venv/bin/mypy
}

walls() {  ## who may import whom
    install; .venv/bin/python -m pytest tests/test_house.py "$@"
}

quality() {  ## score the reading on the labelled articles, against floors that only rise
    install; .venv/bin/python -m tests.quality "$@"
}

faults() {  ## kill the crawl and the daemon at random moments; a table of what was lost (nothing): --rounds 40
    install; .venv/bin/python -m benchmarks.faults "$@"
}

troubles() {  ## a full disk, a lock, damage, clocks, networks, memory, a mail server gone: what is lost (nothing), late, said
    install; .venv/bin/python -m benchmarks.troubles "$@"
}

guard() {  ## every way to a private address that is known, tried on the crawl's own engine: a table, 0 hits
    install; .venv/bin/python -m benchmarks.guard
}

docs() {  ## write the pages of docs/ that are made from the program
    install; .venv/bin/python -m homeward.pages
}

pictures() {  ## draw the pictures of docs/pictures/ anew (needs chromium)
    install; .venv/bin/python -m tests.pictures
}

capture() {  ## save a page or feed as a test case: ./run.sh capture FILE NAME
    install; .venv/bin/python -m tests.capture "$@"
}

lock() {  ## write requirements.lock anew from the newest allowed versions
    local fresh; fresh=$(mktemp -d)
    "$(python_311)" -m venv "$fresh"
    "$fresh/bin/pip" install --quiet --upgrade setuptools '.[dev]'
    { echo "# Exact versions of everything ./run.sh installs. Written by ./run.sh lock."
      "$fresh/bin/pip" freeze --all --exclude homeward --exclude pip; } > requirements.lock
    rm -rf "$fresh"
}

all() {  ## lint, types, walls and tests: what must pass before a commit
    lint; types; tests "$@"
}

case "${1:-}" in
    install|demo|lint|types|walls|quality|faults|troubles|guard|docs|pictures|capture|lock|all) "$@" ;;
    test) shift; tests "$@" ;;
    *) echo "usage: ./run.sh VERB"; sed -nE 's/^tests\(\) \{/test() {/; s/^([a-z]+)\(\) \{  ## (.*)/  \1\t\2/p' run.sh | expand -t 12
       [ -z "${1:-}" ] || { echo "run.sh: there is no verb '$1'" >&2; exit 2; } ;;
esac
