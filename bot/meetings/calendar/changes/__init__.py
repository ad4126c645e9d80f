"""What a calendar that is read changes: which meeting is meant, what is newer, what is gone."""
