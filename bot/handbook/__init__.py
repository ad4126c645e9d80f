"""The handbook: chapters of `docs/`, served by the product itself."""
