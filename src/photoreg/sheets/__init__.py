"""Tables that people fill in: CSV and Excel workbooks, read with suspicion."""

import os

# Read by openpyxl when it is imported: workbooks of strangers, without document types and entities.
os.environ["OPENPYXL_DEFUSEDXML"] = "True"
