"""Visits and learning groups: calendars in and out, invitations, and when a prompt is due."""
