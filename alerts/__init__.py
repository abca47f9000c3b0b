"""Choose what changed, render it, send it. Only `channels/` touches SMTP and HTTP."""
