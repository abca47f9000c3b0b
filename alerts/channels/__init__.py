"""One small sender for each way out."""
