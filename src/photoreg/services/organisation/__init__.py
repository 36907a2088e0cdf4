"""The registry itself: staff, channels, units and policy."""
