"""What can be said of stories and figures together: pure, without a clock or chance."""
