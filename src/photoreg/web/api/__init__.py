"""The API: how other systems ask for verdicts and copies, and record what they published."""
