"""What holds many photos up, by cause."""
