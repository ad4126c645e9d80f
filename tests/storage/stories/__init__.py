"""Stories and consents."""
