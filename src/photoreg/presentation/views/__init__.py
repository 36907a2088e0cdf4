"""Views: the name and columns of every list; schema/*.schema.json are generated from them.

One module per subject, loaded on demand; `all` collects them.
"""
