"""Image files: the only place that knows Pillow and piexif."""
