"""Hashes of records in the log, so that what was changed outside photoreg is found."""
