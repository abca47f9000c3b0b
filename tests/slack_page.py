"""A picture of Slack: blocks as its client shows them, for looking at in a browser, light or dark.

`python -m tests.slack_page FOLDER` writes each digest case there, as mail and as Slack; sizes, colours and spacing are
those of Slack's desktop client, the markup is its mrkdwn. Nothing of a stranger comes through as HTML.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from alerts import render
from tests.tell import CASES, load

EMOJI = {":warning:": "⚠️", ":rotating_light:": "🚨", ":hourglass:": "⌛", ":white_check_mark:": "✅"}
LINK = re.compile(r"&lt;(https?://[^|&\s]+(?:&amp;amp;[^|&\s]*)*)\|([^\n]*?)&gt;")
STYLE = """
:root { color-scheme: light dark;
  }
body { margin: 0;
  background: #fff;
  color: #1d1c1d;
  font: 15px/1.46668 Slack-Lato, Lato, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
  }
.message { display: flex;
  gap: 8px;
  padding: 8px 20px;
  max-width: 780px;
  }
.avatar { flex: none;
  width: 36px;
  height: 36px;
  border-radius: 8px;
  background: #17608f;
  color: #fff;
  text-align: center;
  font-weight: 900;
  line-height: 36px;
  }
.body { min-width: 0;
  flex: 1;
  overflow-wrap: anywhere;
  }
.who b { font-weight: 900;
  }
.who .app { background: rgba(29,28,29,.13);
  border-radius: 2px;
  font-size: 10px;
  font-weight: 700;
  padding: 1px 3px;
  margin: 0 4px;
  color: #616061;
  }
.who .time { color: #616061;
  font-size: 12px;
  }
.header { font-size: 18px;
  font-weight: 900;
  line-height: 1.33;
  margin: 8px 0;
  }
.section { margin: 4px 0 8px;
  max-width: 600px;
  white-space: pre-wrap;
  }
.context { margin: 4px 0 8px;
  color: #616061;
  font-size: 13px;
  white-space: pre-wrap;
  }
hr { border: 0;
  border-top: 1px solid rgba(29,28,29,.13);
  margin: 12px 0;
  max-width: 600px;
  }
.quote { display: block;
  border-left: 4px solid #ddd;
  padding-left: 12px;
  margin: 4px 0;
  }
a { color: #1264a3;
  text-decoration: none;
  }
code { font: 12px Monaco, Menlo, "Courier New", monospace;
  color: #e01e5a;
  background: rgba(29,28,29,.04);
  border: 1px solid rgba(29,28,29,.13);
  border-radius: 3px;
  padding: 2px 3px 1px;
  }
b { font-weight: 700;
  }
@media (prefers-color-scheme: dark) {
body { background: #1a1d21;
  color: #d1d2d3;
  }
.who .app { background: rgba(232,232,232,.13);
  color: #ababad;
  }
.who .time, .context { color: #ababad;
  }
hr { border-color: rgba(232,232,232,.13);
  }
.quote { border-color: #56595d;
  }
a { color: #1d9bd1;
  }
code { color: #e8912d;
  background: rgba(232,232,232,.04);
  border-color: rgba(232,232,232,.13);
  }
}
"""


def page(posts: Sequence[Sequence[Mapping[str, Any]]]) -> str:
    """A channel with these messages."""
    messages = "".join(
        f'<div class="message"><div class="avatar">H</div><div class="body"><div class="who"><b>Homeward</b>'
        f'<span class="app">APP</span><span class="time">8:00 AM</span></div>{"".join(map(_block, blocks))}</div></div>'
        for blocks in posts)
    return (f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
            f'content="width=device-width, initial-scale=1"><title>Slack</title><style>{STYLE}</style></head>'
            f"<body>{messages}</body></html>\n")


def _block(block: Mapping[str, Any]) -> str:
    if block["type"] == "divider":
        return "<hr>"
    if block["type"] == "header":
        return f'<div class="header" dir="auto">{escape(block["text"]["text"])}</div>'
    texts = block["elements"] if block["type"] == "context" else [block["text"]]
    return "".join(f'<div class="{block["type"]}">{_mrkdwn(text["text"])}</div>' for text in texts)


def _mrkdwn(text: str) -> str:
    """Links, bold, struck, code, quoted lines and the emoji of ours; everything else is text."""
    lines = []
    for line in text.split("\n"):
        quoted = line.startswith(">")
        lines.append(f'<span class="quote" dir="auto">{_inline(line[1:])}</span>' if quoted else f"{_inline(line)}\n")
    return "".join(lines).rstrip("\n")


def _inline(line: str) -> str:
    made = LINK.sub(lambda found: f'<a href="{_once(found[1])}">{_once(found[2])}</a>', escape(line, quote=True))
    made = re.sub(r"&amp;(amp|lt|gt);", r"&\1;", made)
    for mark, tag in (("*", "b"), ("~", "s"), ("`", "code")):
        sign = re.escape(mark)
        made = re.sub(rf"(?<!\w){sign}(?=\S)(.+?)(?<=\S){sign}(?!\w)", rf"<{tag}>\1</{tag}>", made)
    for name, drawn in EMOJI.items():
        made = made.replace(name, drawn)
    return made


def _once(text: str) -> str:
    return re.sub(r"&amp;(amp|lt|gt);", r"&\1;", text)


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for case in sorted(path.name for path in CASES.iterdir()):
        made = render.messages(load(case))
        (folder / f"{case}-slack.html").write_text(page([message.blocks for message in made]), "utf-8")
        (folder / f"{case}-mail.html").write_text(made[0].html or "", "utf-8")


if __name__ == "__main__":
    main()
