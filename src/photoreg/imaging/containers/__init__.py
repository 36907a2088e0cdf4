"""Image file formats: JPEG, PNG, WebP, TIFF, HEIF, walked within bounds."""
