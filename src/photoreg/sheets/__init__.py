"""Tables that users fill in: CSV files and Excel workbooks, read as untrusted input."""

import os

# openpyxl reads this on import: untrusted workbooks are parsed without DTDs and entities.
os.environ["OPENPYXL_DEFUSEDXML"] = "True"
