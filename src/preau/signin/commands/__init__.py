"""Sign-in's commands. Whoever runs them owns the machine: they act as the house."""
