"""From pages to records: the use-case that everything else serves.

``read_pages`` runs in a worker, on pages of any scan; ``FormAssembler`` runs in the parent and
puts the pages of one respondent together. Neither writes anything.
"""

from scanform.digitise.forms import Assembled, FormAssembler
from scanform.digitise.grouping import respondents
from scanform.digitise.pages import MISALIGNED_CONFIDENCE, Toolbox, read_pages
from scanform.digitise.results import BlankPage, FormPage, PageResult, RejectedPage

__all__ = [
    "MISALIGNED_CONFIDENCE",
    "Assembled",
    "BlankPage",
    "FormAssembler",
    "FormPage",
    "PageResult",
    "RejectedPage",
    "Toolbox",
    "read_pages",
    "respondents",
]
