"""Build `PhotoFacts` from records; no other package does."""
