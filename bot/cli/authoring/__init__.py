"""`vertelbot guide`: what authors of guides do with files."""
