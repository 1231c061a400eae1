"""The box's side of the hub: outbox, MQTT session, desired state, commands, uplink."""
