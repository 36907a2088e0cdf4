"""The use cases: plain functions, one transaction each."""
