"""Write photo files: verified copies, and rights embedded without loss."""
