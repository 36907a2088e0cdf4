"""Rows of lists as every interface shows them: in words for people, in codes for programs."""
