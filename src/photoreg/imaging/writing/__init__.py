"""Photo files written: verified copies, and rights embedded without loss."""
