"""The boxes in the field: enrolment, desired and reported state, health, commands and their replies."""
