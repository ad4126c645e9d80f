"""Web push: rings on a device whose page is closed (RFC 8030, 8188, 8291, 8292)."""
