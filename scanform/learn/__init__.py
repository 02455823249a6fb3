"""Learning the hands of a unit from what people confirmed. PyTorch is imported in here alone."""

import os

# PyTorch's threads wait for each other hundreds of times a second. As a rule they spin while they
# wait; where another program wants a core, whoever waits keeps it from whoever is waited for, and
# a lesson took nine times as long. It is read when PyTorch is loaded, so it is said before.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
