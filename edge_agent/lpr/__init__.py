"""Number plates: the vendors' pushes become plate reads, committed before they are answered."""
