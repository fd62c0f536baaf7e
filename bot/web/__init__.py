"""Floor 9: what the process shows over HTTP: the platforms' routes, its health, its figures."""
