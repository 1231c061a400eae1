"""What crosses the wire between an edge box and the central hub, and nothing else.

`topics` names the MQTT topics, `messages` the payloads, `delivery` the
sequence/ack rules, `plates` the rules of number plates and their patterns,
`uplink` the media frames of the WebSocket uplink, and `documents` generates the
AsyncAPI document and JSON Schemas from them.
"""
