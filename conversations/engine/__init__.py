"""The conversation itself: step(guide, state, event) and what it needs."""
