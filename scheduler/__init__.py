"""The hours: the daemon that ticks, tells and tidies, and starts the crawl worker as its child."""
