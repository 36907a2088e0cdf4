"""What a person or a guardian is given: the access report and the receipt of a consent."""
