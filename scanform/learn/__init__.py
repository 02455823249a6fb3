"""Learning the hands of a unit from what people confirmed. PyTorch is imported in here alone."""

import os

# PyTorch's threads wait for each other hundreds of times a second, and spin for long while they
# wait. Where another program wants a core, whoever waits keeps it from whoever is waited for, and a
# lesson took nine times as long. Spinning this short costs a tenth where there is nobody else. It
# is read when PyTorch is loaded (GNU's OpenMP), so it is said before.
os.environ.setdefault("GOMP_SPINCOUNT", "3000")
