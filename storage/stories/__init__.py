"""Stories, consents, who may read them, and exports."""
