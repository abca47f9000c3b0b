"""Is it known? Which event? Which number? Pure judgements, each with its reason."""
