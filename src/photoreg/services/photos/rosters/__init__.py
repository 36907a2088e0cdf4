"""Class lists as rosters of events: what an import finds, and what users decide about it."""
