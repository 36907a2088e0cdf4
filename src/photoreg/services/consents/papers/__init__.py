"""Returned papers of forms: scanned and kept, and their answers entered one by one."""
