"""Image files: the only package that uses Pillow and piexif."""
