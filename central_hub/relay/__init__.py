"""The media relay: joins a viewer's HTTP requests to the uplink that a box opened for them.

It knows nothing of users, cities or the database: the hub decides who may watch
what, and says so in two signed tokens per session, one for the box and one for
the viewer. So relays are stateless replicas beside the hub.
"""
