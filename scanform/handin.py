"""Handing in boxes of forms: what the slip says against what was digitised. Pure."""
