"""What users are asked for: the texts of options on the command line and of fields on pages."""
