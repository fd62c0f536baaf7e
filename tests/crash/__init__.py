"""The crash harness: it kills the service wherever it can, and proves that nothing was lost or doubled."""
