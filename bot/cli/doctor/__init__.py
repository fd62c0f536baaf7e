"""`triage doctor`: whether an installation is fit to go live; each check is a function, each failure has its fix."""
