"""Photos, their answers, depictions, events and versions."""
