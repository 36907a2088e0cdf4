"""What every door shows: labels, views with their schemas, verdicts and next steps as data.

Nothing here prints, asks, or knows a command line or a web page.
"""
