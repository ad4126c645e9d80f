"""The running process: server, health, metrics, logs, maintenance."""
