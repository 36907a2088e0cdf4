"""From records to `PhotoFacts`: the only place that builds the facts of photos."""
