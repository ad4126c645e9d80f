"""The privacy gate: what may leave in aggregate."""
