"""``scanform review`` as a screen of its own in the terminal, with the keys of the pages."""
