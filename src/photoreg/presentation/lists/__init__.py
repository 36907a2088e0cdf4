"""What is told of lists and papers that people hand in: how they were read, what they change."""
