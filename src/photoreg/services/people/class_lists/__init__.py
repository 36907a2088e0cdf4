"""Class lists as schools have them: what their columns, titles and cells mean."""
