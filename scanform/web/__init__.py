"""The review pages: one person at a time, or an office of twenty."""
