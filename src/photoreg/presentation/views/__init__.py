"""Every list that a door shows: its name and columns. schema/*.schema.json come from here.

One module per subject: a door loads those that it shows; `whole` is all of them.
"""
