"""WhatsApp on the dashboard, for the association."""
