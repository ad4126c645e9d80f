"""What Vertelbot stands on fails: disk, power, database, clock; or too many people come."""
