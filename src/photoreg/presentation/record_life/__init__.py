"""The life of a record: what its columns are called, and how it is shown."""
