"""Users of the hub: who they are, what role they have, and how they log in."""
