"""Documents to print: texts that can be replaced, pages of HTML and PDF, codes that lead back.

Knows nothing of the registry: who is asked and what was said come in as plain text. The only place
that knows fpdf and segno.
"""
