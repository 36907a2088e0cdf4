"""Naming the people in an event's photos: the workbook, the names in its cells, contact sheets."""
