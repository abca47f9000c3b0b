"""Where the people of a movement come from and go to, as far as only the whole article says."""

from __future__ import annotations

from extraction.claims.events import Movement
from extraction.claims.route import SENDERS
from extraction.claims.whence import Whence
from records.words import Kind


def default_route(movement: Movement, whence: Whence) -> None:
    """Fill in from the whole article where a sentence names no origin or destination."""
    nations = movement.nations
    if movement.origin is None or movement.origin[0] in nations:
        code = whence.origin
        if code and (code not in nations or code == "SY"):
            movement.origin = (code, whence.origin_place)
    elif movement.origin[1] is None and movement.main and movement.origin[0] == whence.origin:
        movement.origin = (movement.origin[0], whence.origin_place)
    if movement.destination is None and len(nations) == 1:
        movement.destination = (nations[0], None)
    if movement.destination is None and not nations and whence.home and whence.home != (movement.origin or ("",))[0]:
        movement.destination = (whence.home, None)  # "Iraq has received 150 detainees from Syria"
    if (
        movement.destination
        and len(nations) == 1
        and movement.destination[0] in SENDERS
        and movement.destination[0] != nations[0]
        and movement.kind not in {Kind.HANDOVER, Kind.TRANSFER}
    ):
        movement.destination = (nations[0], None)
