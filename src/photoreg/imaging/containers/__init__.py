"""Image file formats (JPEG, PNG, WebP, TIFF, HEIF), parsed with bounds checks."""
