"""The store on one SQLite file: one writer thread with prepared statements, one transaction for a whole batch."""
