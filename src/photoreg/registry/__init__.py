"""Records: the only place that knows SQLModel."""
