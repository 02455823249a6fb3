"""Where pages are read: in worker processes of this machine."""
