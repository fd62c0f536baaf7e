"""Floor 9: conversation scripts (`*.flowtest.yaml`): what they may say, playing them, comparing, coverage, pytest."""
