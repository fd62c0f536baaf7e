"""The crash harness: it kills the service wherever it can, and then proves that nothing was lost and nothing doubled."""
