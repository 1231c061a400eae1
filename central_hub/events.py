"""Domain events: how a context tells the others that something happened, without knowing who cares.

They are sent inside the sender's transaction; a receiver that talks to the outside
world waits for the commit itself.
"""

from django.dispatch import Signal

#: What a box must know has changed: city (`city_id`), its plan, cameras or users.
configuration_changed = Signal()

#: A box was added to a city (`node_id`).
node_added = Signal()

#: A box is no longer to be believed or served (`node_id`).
node_revoked = Signal()

#: A city's reads of a plate were erased (`city_id`, `caller`, `digest`, `details`: how many went and stayed).
plate_erased = Signal()

#: A command got its one reply (`node_id`, `command_id`, `reply`: protocol.messages.Reply).
command_replied = Signal()
