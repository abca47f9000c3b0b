"""Where news meets memory: one article read, judged against what is near, and written once."""
