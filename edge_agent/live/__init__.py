"""Live video on the LAN: one set of URLs, whichever engine fans the packets out."""
