"""Documents to print: replaceable templates, HTML and PDF pages, and reference codes.

Independent of the registry: names and answers are passed in as plain text. The only package that
imports fpdf and segno.
"""
