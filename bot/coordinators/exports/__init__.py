"""Files that stories leave in: CSV, XLSX, JSON, and what NarraFirma reads."""
