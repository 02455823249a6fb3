"""``DeskStore`` over SQLAlchemy."""

from __future__ import annotations

from scanform.store.desk_checks import Checks
from scanform.store.desk_hands import Hands
from scanform.store.desk_office import Office
from scanform.store.desk_queues import Queues
from scanform.store.desk_told import Told


class SqlDesk(Hands, Queues, Checks, Office, Told):
    """See ``desk_interface.DeskStore``; made over a ``SqlStore``, whose database it works on."""
