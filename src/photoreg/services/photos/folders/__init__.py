"""Events from folders of photos: names and days, plans, and what lies beside the photos."""
