"""What every user interface shows: labels, views and schemas, verdicts and next steps as data.

Nothing here prints, prompts, or depends on the command line or a web page.
"""
