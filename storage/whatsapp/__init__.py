"""WhatsApp: who may be answered until when, what became of messages, the templates."""
