"""Small pictures of photos, for pages, sheets and prints."""
