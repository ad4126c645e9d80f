"""Coordinators, their teams and the audit log."""
