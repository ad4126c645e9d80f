"""The web chat: pages, sockets and uploads."""
