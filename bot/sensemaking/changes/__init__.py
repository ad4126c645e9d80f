"""What changed goes back to the tellers, who say whether it does them justice."""
