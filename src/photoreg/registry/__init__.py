"""Tables, queries and engines of the registry; no other package imports SQLModel."""
