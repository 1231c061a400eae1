"""Prefeituras: their plan, edge nodes and cameras."""
