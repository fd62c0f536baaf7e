"""Floor 7: the imperative shell around the pure core: intake, delivery, timers, and the port for channels."""
