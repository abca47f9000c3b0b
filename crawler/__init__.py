"""The live web: the crawl worker, its spiders, visit policy, address guard and robots. Started as a child, never imported by the daemon."""
