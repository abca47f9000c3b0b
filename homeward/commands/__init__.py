"""The verbs of the command line, one file each; `command` in each is the click command."""
