"""The files of photos: fingerprints, metadata, rights, recognition."""
