"""The guideline: facts in, verdict out. Standard library only; no clock, no disk, no database."""
