"""Long lists: one page for all of them, with filters, and the same as CSV."""
