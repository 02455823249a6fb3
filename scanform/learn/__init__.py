"""Learning the hands of a unit from what people confirmed. PyTorch is imported in here alone."""
