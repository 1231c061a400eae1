"""The box's own software: two slots, a launcher that goes back by itself, and what fills the other slot."""
