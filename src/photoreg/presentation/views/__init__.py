"""Every list that a command prints: its name and columns. schema/*.schema.json come from here.

One module per subject: a command loads those that it prints; `whole` is all of them.
"""
