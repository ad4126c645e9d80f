"""The handbook: chapters, pictures, and what they may not leave out."""
