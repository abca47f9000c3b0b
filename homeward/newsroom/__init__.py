"""Small newspapers on loopback, for the demo and the tests: outlets and stories as data, served over real HTTP.

`stories.py` reads the copy, `paper.py` makes feeds and pages of it, `server.py` answers, `room.py` opens all outlets
and keeps the days; `post.py` is the other end: a mailbox and a Slack hook that take what is sent and keep it.
"""

from homeward.newsroom.room import House, Newsroom
from homeward.newsroom.stories import Outlet, Story, expected, outlets

__all__ = ["House", "Newsroom", "Outlet", "Story", "expected", "outlets"]
