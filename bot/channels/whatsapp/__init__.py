"""WhatsApp: the Business Cloud API in and out."""
