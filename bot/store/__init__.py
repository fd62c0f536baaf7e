"""Floor 6: what must survive: documents and rows, on one SQLite file or on PostgreSQL. It knows no flows."""
