"""Photos that are sent to the desk: to be registered, or to be looked up."""
