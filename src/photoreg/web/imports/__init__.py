"""Lists and papers that people hand in: shown first, then recorded; one module a kind."""
