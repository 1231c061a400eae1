"""The audit trail: append-only, hash-chained, one entry for every access to personal data."""
