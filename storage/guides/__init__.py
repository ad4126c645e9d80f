"""Guides in the store: drafts, published versions, links to try one, use, overlays of teams."""
