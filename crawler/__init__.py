"""The live web: the crawl worker, visit policy, address guard and robots. Started as a child, never imported."""
