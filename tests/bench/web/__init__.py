"""How soon a platform has its answer: signed events over sockets at a steady rate, whatever becomes of those before."""
