"""From an article to claims, figures and officials."""
