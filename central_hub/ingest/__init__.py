"""The process that takes what the boxes publish over MQTT and stores it in PostgreSQL, once each."""
