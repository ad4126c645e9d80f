"""Two saves of a draft: compared in words, and merged step by step."""
